"""Calls, chats, e-mails and visits, each with the agent's note.

Some notes name the customer, a telephone or the national id: personal data where none
should be, as in every real bank.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Floats, Ints, happens, occurrences
from harbour.block import Block
from harbour.chains import Paths
from harbour.identifiers import Identifiers
from harbour.loans import Arrears
from harbour.numbers import client_no
from harbour.people import People
from harbour.words import NOTES, TOPICS

# Contacts a month by topic; complaints by engagement, loans by arrears.
_RATES = (0.018, 0.014, 0.012, 0.004, 0.008, 0.003, 0.004, 0.010, 0.005)
_COMPLAINTS = np.array([1.0, 3.5, 8.0])
_FEES = np.array([1.0, 2.0, 4.0])
_LOANS_BY_ARREARS = np.array([1.0, 30.0, 45.0, 30.0, 6.0])
CHANNEL_CODES = ("TEL", "CHAT", "MAIL", "FIL")
TOPIC_CODES = ("ACC", "APP", "CRD", "CMP", "FEE", "FRD", "LOA", "OTH", "SAV")
_NUMBERS_A_MONTH = 8
_PERSONAL_SHARE = 0.08
_NO_TOPIC = 0.04


def interactions(
    block: Block, people: People, paths: Paths, arrears: Arrears, names: Identifiers
) -> Any:
    """Draw the call centre's extract, in the order of time."""
    draw, calendar = block.draw("service"), block.calendar
    parts = []
    for topic, rate in enumerate(_rates(block, people, paths, arrears)):
        owner, month = occurrences(draw, rate)
        parts.append((owner, month, np.full(len(owner), topic)))
    owner, month, topic_of = (np.concatenate(part) for part in zip(*parts, strict=True))
    size = len(owner)
    day = 1 + (draw.random(size) * calendar.length(month)).astype(np.int64)
    at = calendar.second(month, day, draw.integers(8 * 3600, 20 * 3600, size))
    order = np.argsort(at, kind="stable")
    return _extract(block, draw, people, names, owner[order], at[order], topic_of[order])


def _rates(block: Block, people: People, paths: Paths, arrears: Arrears) -> list[Floats]:
    months = block.settings.months
    active = paths.active(people, months)
    engaged, behind = paths.engagement[:, :months], arrears.state[:, :months]
    factor = {
        "complaint": _COMPLAINTS[engaged],
        "fees": _FEES[engaged],
        "loan": _LOANS_BY_ARREARS[behind],
        "app": people.digital[:, None],
    }
    made = ((rate * factor.get(topic, 1.0)) for topic, rate in zip(TOPICS, _RATES, strict=True))
    return [np.asarray(rate * active, dtype=np.float64) for rate in made]


def _extract(
    block: Block, draw: np.random.Generator, people: People, names: Identifiers,
    owner: Ints, at: Ints, topic: Ints,
) -> Any:  # fmt: skip
    size = len(owner)
    number = block.first + owner
    case = block.first * block.settings.months * _NUMBERS_A_MONTH + np.arange(size)
    old = people.persona[owner] == 5
    late = block.calendar.month_of(at) >= block.settings.drift_month
    # Telephone, chat, mail, branch: the old come in, the others chat, more so since the drift.
    ends = np.stack([np.where(old, 0.55, 0.48), np.where(old, 0.57, np.where(late, 0.84, 0.70)),
                     np.where(old, 0.65, 0.92)], axis=1)  # fmt: skip
    channel = (draw.random(size)[:, None] >= ends).sum(axis=1)
    settled = np.array([0.85, 0.6, 0.7, 0.35, 0.5, 0.45, 0.55, 0.9, 0.8])[topic]
    named = np.where(happens(draw, np.full(size, _NO_TOPIC)), -1, topic)
    return formats.table(
        case_no=formats.number_text(case, 12, "T"),
        client=formats.number_text(client_no(number), 10, "C"),
        started=formats.moment_text(at, "%Y-%m-%dT%H:%M"),
        channel=formats.texts(CHANNEL_CODES, channel),
        topic=formats.texts(TOPIC_CODES, named),
        solved=formats.texts(("N", "J"), happens(draw, settled).astype(np.int64)),
        note=_notes(draw, names, owner, topic),
    )


def _notes(draw: np.random.Generator, names: Identifiers, owner: Ints, topic: Ints) -> Any:
    size = len(owner)
    listed = [note for topic_name in TOPICS for note in NOTES[topic_name]]
    text = pa.array(listed).take(pa.array(topic * 4 + draw.integers(0, 4, size)))
    kind = np.where(happens(draw, np.full(size, _PERSONAL_SHARE)), draw.integers(1, 4, size), 0)
    # Nothing; the name; a telephone; the national id.
    personal = np.select(
        [kind == 1, kind == 2, kind == 3],
        [
            _joined(" Spoke with ", names.given[owner], " ", names.family[owner], "."),
            _joined(" Call back on +99 ", names.phone[owner], "."),
            _joined(" Identified by ", names.national[owner], "."),
        ],
        default="",
    )
    return formats.row_texts(text, pa.array(personal))


def _joined(*parts: np.ndarray | str) -> np.ndarray:
    text = np.asarray(parts[0])
    for part in parts[1:]:
        text = np.char.add(text, part)
    return text
