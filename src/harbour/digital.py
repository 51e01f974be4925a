"""Use of the app and the web bank."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Floats, Ints, happens, lognormal, occurrences, whole
from harbour.block import Block
from harbour.chains import Paths
from harbour.numbers import client_no
from harbour.people import People
from harbour.personas import by_persona

# The app's own codes; a product is viewed by those who think of taking one.
KINDS = ("auth.login.ok", "auth.login.fail", "pay.transfer.submit", "shop.product.view",
         "app.settings.change", "help.chat.open")  # fmt: skip
_SHARES = (0.62, 0.04, 0.17, 0.03, 0.05, 0.03)
AGENTS = ("iOS/17", "Android/14", "Web/Firefox", "Web/Chrome")
_BY_ENGAGEMENT = np.array([1.0, 0.55, 0.18])
DRIFT_DIGITAL = 1.35
_VIEWS_A_WISH = 9.0
_NUMBERS_A_MONTH = 32


def digital_events(
    block: Block, people: People, paths: Paths, wishes: Floats
) -> Iterator[tuple[str, Any]]:
    """Give the extract of each month in turn, with its label.

    Args:
        wishes: chance a month to take up any product, shape (customers, months).
    """
    draw, calendar = block.draw("digital"), block.calendar
    rate = _visits(block, people, paths)
    parts = []
    for kind, share in enumerate(_SHARES):
        more = _VIEWS_A_WISH * wishes * (rate > 0) if KINDS[kind].startswith("shop") else 0.0
        worried = 1 + 0.8 * paths.stress[:, : calendar.months] * (KINDS[kind] == "help.chat.open")
        owner, month = occurrences(draw, rate * share * worried + more)
        parts.append((owner, month, np.full(len(owner), kind)))
    owner, month, kind_of = (np.concatenate(part) for part in zip(*parts, strict=True))
    day = 1 + (draw.random(len(owner)) * calendar.length(month)).astype(np.int64)
    hour = (18 + 4.5 * draw.standard_normal(len(owner))) % 24
    at = calendar.second(month, day, np.minimum((hour * 3600).astype(np.int64), 86_399))
    order = np.argsort(at, kind="stable")
    ends = np.searchsorted(month[order], np.arange(calendar.months + 1))
    extract = _extract(block, draw, owner[order], at[order], kind_of[order])
    for i in range(calendar.months):
        yield calendar.label(i), extract.slice(ends[i], ends[i + 1] - ends[i])


def _visits(block: Block, people: People, paths: Paths) -> Floats:
    """Expected events a month; shape (customers, months)."""
    months = block.settings.months
    own = by_persona("digital")[people.persona] * people.digital
    drift = np.where(np.arange(months) >= block.settings.drift_month, DRIFT_DIGITAL, 1.0)
    engaged = _BY_ENGAGEMENT[paths.engagement[:, :months]]
    return np.asarray(own[:, None] * drift * engaged * paths.active(people, months))


def _extract(block: Block, draw: np.random.Generator, owner: Ints, at: Ints, kind: Ints) -> Any:
    size = len(owner)
    number = block.first + owner
    usual = number * 31 % 10 % len(AGENTS)
    agent = np.where(happens(draw, np.full(size, 0.88)), usual, draw.integers(0, len(AGENTS), size))
    failed = kind == KINDS.index("auth.login.fail")
    dwell = whole(np.clip(95_000 * lognormal(draw, 0.9, size), 1_000, 7_200_000))
    return formats.table(
        event_no=block.first * block.settings.months * _NUMBERS_A_MONTH + np.arange(size),
        client_no=client_no(number),
        at=formats.moments(at),
        event=pa.DictionaryArray.from_arrays(pa.array(kind, pa.int8()), pa.array(KINDS)),
        agent=pa.DictionaryArray.from_arrays(pa.array(agent, pa.int8()), pa.array(AGENTS)),
        dwell_ms=pa.array(dwell, mask=failed),
    )
