"""What customers allowed the bank to do with their data, decision by decision."""

from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Ints, happens
from harbour.block import Block
from harbour.records import Records

PURPOSES = ("PROF", "CRED", "MKT")
_GIVEN = (0.93, 0.985, 0.68)
_WITHDRAWN = (0.02, 0.004, 0.05)


def decisions(block: Block, core: Records, crm: Records) -> Any:
    """Decisions on profiling and credit stand at core records, on marketing at CRM records too."""
    draw = block.draw("consents")
    parts = [_decided(block, draw, core, "core", purpose) for purpose in range(3)]
    parts.append(_decided(block, draw, crm, "crm", 2))
    return pa.concat_tables([table for part in parts for table in part])


def _decided(
    block: Block, draw: np.random.Generator, records: Records, system: str, purpose: int
) -> list[Any]:
    """Give the first decisions, the day a record was made, and the later withdrawals."""
    since = records.since.astype(np.int64) * 86_400
    first = since + draw.integers(36_000, 61_200, len(records))
    given = happens(draw, np.full(len(records), _GIVEN[purpose]))
    start, end = (day.astype(np.int64) * 86_400
                  for day in (block.calendar.start, block.calendar.extract_day))  # fmt: skip
    begin = np.maximum(first + 86_400, start)
    later = begin + (draw.random(len(records)) * np.maximum(end - begin, 0)).astype(np.int64)
    gone = given & happens(draw, np.full(len(records), _WITHDRAWN[purpose])) & (later < end)
    all_rows, rows = np.arange(len(records)), np.flatnonzero(gone)
    return [
        _rows(system, records.id, purpose, given.astype(np.int64), first, all_rows),
        _rows(system, records.id, purpose, np.zeros(len(records), dtype=np.int64), later, rows),
    ]


def _rows(system: str, ids: Ints, purpose: int, decision: Ints, at: Ints, rows: Ints) -> Any:
    return formats.table(
        system=pa.array([system]).take(pa.array(np.zeros(len(rows), dtype=np.int64))),
        party_no=formats.number_text(ids[rows]),
        purpose=pa.array([PURPOSES[purpose]]).take(pa.array(np.zeros(len(rows), dtype=np.int64))),
        decision=formats.number_text(decision[rows]),
        recorded_at=formats.moment_text(at[rows], "%Y-%m-%dT%H:%M:%S"),
    )
