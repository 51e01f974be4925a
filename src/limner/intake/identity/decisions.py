"""What a person decided on pairs of records: a file that only grows, the last word counts."""

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from limner.artifacts import replacing
from limner.errors import DecisionsInvalid, TableUnfit
from limner.intake.encoding import find_encoding
from limner.intake.separators import (
    SEPARATORS,
    Record,
    all_records,
    head_text,
    refuse_other_formats,
)

Verdict = Literal["same", "different", "undecided"]
Pair = tuple[str, str]

_COLUMNS = ("record_a", "record_b", "decision", "by", "when", "why")


@dataclass(frozen=True)
class Decision:
    """One pair of records, what was decided, by whom, when and why; ``undecided`` undoes."""

    record_a: str
    record_b: str
    decision: Verdict
    by: str
    when: dt.date
    why: str

    @property
    def pair(self) -> Pair:
        return pair_of(self.record_a, self.record_b)


def pair_of(record_a: str, record_b: str) -> Pair:
    """Put two records in the order in which every table of pairs has them."""
    return (record_a, record_b) if record_a < record_b else (record_b, record_a)


def read_decisions(file: Path) -> tuple[Decision, ...]:
    """Read the file of decisions, oldest first; none yet is no decision.

    Raises:
        DecisionsInvalid: a line is no decision; the error names its number only.
    """
    if not file.exists():
        return ()
    rows = _rows(file)
    header = next(rows, None)
    if header is None or tuple(cell.strip() for cell in header.cells) != _COLUMNS:
        raise DecisionsInvalid(str(file), f"the header must be {','.join(_COLUMNS)}")
    return tuple(_parsed(row.cells, file, row.line) for row in rows if any(row.cells))


def _rows(file: Path) -> Iterator[Record]:
    """Yield the rows of a file that a spreadsheet may have saved, in its encoding and separator."""
    try:
        refuse_other_formats(file)
        encoding = find_encoding(file).name
        first = head_text(file, encoding).partition("\n")[0]
        separator = max(SEPARATORS, key=first.count)
        yield from all_records(file, encoding, separator)
    except TableUnfit as unfit:
        raise DecisionsInvalid(str(file), f"{unfit.reason}: {unfit.remedy}") from None
    except csv.Error:
        raise DecisionsInvalid(str(file), "a quote stays open: close it") from None


def add_decision(file: Path, decision: Decision) -> None:
    """Add a decision as the last line.

    Raises:
        DecisionsInvalid: the file or the decision is no such thing; the file stays as it was.
    """
    decided = read_decisions(file)
    line = _as_row(decision)
    _parsed(line, file, len(decided) + 2)
    with replacing(file) as temporary, temporary.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([*map(_as_row, decided), line])


def as_verdict(word: str) -> Verdict:
    """Return a word as the verdict that it is.

    Raises:
        ValueError: it is none.
    """
    if word not in get_args(Verdict):
        raise ValueError(f"no verdict: one of {', '.join(get_args(Verdict))}")
    return cast(Verdict, word)


def latest(decisions: Iterable[Decision]) -> dict[Pair, Verdict]:
    """Return what holds for each pair that is decided."""
    last: dict[Pair, Verdict] = {d.pair: d.decision for d in decisions}
    return {pair: verdict for pair, verdict in sorted(last.items()) if verdict != "undecided"}


def _as_row(decision: Decision) -> list[str]:
    d = decision
    return [d.record_a, d.record_b, d.decision, d.by, d.when.isoformat(), d.why]


def _parsed(row: list[str], file: Path, line: int) -> Decision:
    def refuse(reason: str) -> DecisionsInvalid:
        return DecisionsInvalid(str(file), f"line {line} {reason}")

    cells = [cell.strip() for cell in row]
    if len(cells) != len(_COLUMNS) or not all(cells):
        raise refuse("must fill " + ", ".join(_COLUMNS))
    record_a, record_b, decision, by, when, why = cells
    if decision not in get_args(Verdict):
        raise refuse("must decide " + " or ".join(get_args(Verdict)))
    if record_a == record_b:
        raise refuse("names one record twice")
    try:
        day = dt.date.fromisoformat(when)
    except ValueError:
        raise refuse("has no day such as 2026-01-31 under 'when'") from None
    return Decision(record_a, record_b, as_verdict(decision), by, day, why)
