"""Families of features: the same kind of formula, worded and treated alike wherever it is used."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic.dataclasses import dataclass

from limner.domain import Bilingual, Purpose
from limner.features.relational.definitions import (
    Aggregate,
    AggregateKind,
    Condition,
    Distinct,
    Formula,
    Latest,
    Ratio,
    SnapshotFeature,
    Trend,
    Variation,
    WhenEmpty,
)

Direction = Literal[-1, 1] | None
Rows = tuple[Condition, ...]

PROFILING, CREDIT, MARKETING = Purpose.PROFILING, Purpose.CREDIT, Purpose.MARKETING
ANY_PURPOSE = (PROFILING, CREDIT, MARKETING)

NONE_COUNTED = WhenEmpty(0, "no such row in the window means that there was none")
NOTHING_MOVED = WhenEmpty(0, "no such movement in the window means that no money moved")
NOTHING_OBSERVED = WhenEmpty(None, "nothing was observed in the window, which is not nought")
NOT_IN_WINDOW = WhenEmpty(None, "it did not happen in the window; how long ago is unknown")
NO_DENOMINATOR = WhenEmpty(None, "what it is divided by is nought or unknown")
NOT_RECORDED = WhenEmpty(None, "the bank has not recorded it")


@dataclass(frozen=True)
class Family:
    """What the features of one source and one purpose share.

    Attributes:
        of: the column that sums, means and extremes are of.
        unit: that column's unit.
        events: what a count counts.
    """

    source: str
    purposes: tuple[Purpose, ...]
    of: str | None = None
    unit: str = "minor units"
    events: str = "times"

    def total(
        self,
        name: str,
        words: Bilingual,
        rows: Rows,
        windows: Sequence[int],
        risk: Direction = None,
    ) -> list[SnapshotFeature]:
        """Sum the family's column over each window."""
        return [
            self._over(name, words, self.sum(days, rows), days, NOTHING_MOVED, self.unit, risk)
            for days in windows
        ]

    def times(
        self,
        name: str,
        words: Bilingual,
        rows: Rows,
        windows: Sequence[int],
        risk: Direction = None,
    ) -> list[SnapshotFeature]:
        """Count rows over each window."""
        return [
            self._over(name, words, self.count(days, rows), days, NONE_COUNTED, self.events, risk)
            for days in windows
        ]

    def summary(
        self, kind: AggregateKind, name: str, words: Bilingual, rows: Rows, windows: Sequence[int],
        risk: Direction = None,
    ) -> list[SnapshotFeature]:  # fmt: skip
        """Mean, least, most or deviation of the family's column over each window."""
        return [
            self._over(name, words, Aggregate(kind, self.source, days, self.of, rows), days,
                       NOTHING_OBSERVED, self.unit, risk)
            for days in windows
        ]  # fmt: skip

    def latest(
        self, name: str, words: Bilingual, days: int, *, below_zero: bool = False,
        risk: Direction = None,
    ) -> SnapshotFeature:  # fmt: skip
        """Take each unit's latest value."""
        formula = Latest(self.source, self.of or "", days, below_zero)
        meaning = f"{sentence(words.en)} before the snapshot, not older than {days} days"
        return feature(name, formula, self.unit, meaning, words, NOTHING_OBSERVED, self.purposes,
                       risk=risk)  # fmt: skip

    def different(
        self,
        name: str,
        words: Bilingual,
        column: str,
        windows: Sequence[int],
        risk: Direction = None,
    ) -> list[SnapshotFeature]:
        """Count a column's different values over each window."""
        return [
            self._over(name, words, Distinct(self.source, column, days), days, NONE_COUNTED,
                       self.events, risk)
            for days in windows
        ]  # fmt: skip

    def days_since(
        self, event: str, words: Bilingual, rows: Rows, days: int, risk: Direction = None
    ) -> SnapshotFeature:
        """Measure the time since the latest such row; ``words`` name the event."""
        formula = Aggregate("days_since_last", self.source, days, None, rows)
        return feature(
            f"days_since_{event}", formula, "days",
            f"Days from the latest {words.en} to the snapshot, if within {days} days",
            Bilingual(f"days since {words.en}", f"距最近一次{words.zh}天数"),
            NOT_IN_WINDOW, self.purposes, risk=risk,
        )  # fmt: skip

    def trend(
        self, name: str, words: Bilingual, rows: Rows, short: int, long: int, risk: Direction = None
    ) -> SnapshotFeature:
        """Compare a day's money (or rows, where the family has no column) in two windows."""
        formula = Trend(self._additive(long, rows), short, long)
        return feature(
            f"{name}_trend_{short}d_{long}d", formula, "ratio",
            f"{sentence(words.en)} a day in the last {short} days over the same in the last {long}",
            Bilingual(f"trend of {words.en}, {short} against {long} days",
                      f"{words.zh}趋势（近{short}天对近{long}天）"),
            WhenEmpty(None, "there is nothing in the long window to compare with"), self.purposes,
            risk=risk,
        )  # fmt: skip

    def variation(
        self, name: str, words: Bilingual, rows: Rows, periods: int, risk: Direction = None
    ) -> SnapshotFeature:
        """Measure how uneven the money (or rows) of periods of 30 days is."""
        days = periods * 30
        return feature(
            f"{name}_variation_{days}d", Variation(self._additive(days, rows), periods), "ratio",
            f"Coefficient of variation of {words.en} over the last {periods} periods of 30 days",
            Bilingual(f"unevenness of {words.en}, {days} days", f"近{days}天{words.zh}波动程度"),
            WhenEmpty(None, "nothing moved in any of the periods"), self.purposes, risk=risk,
        )  # fmt: skip

    def share(
        self, name: str, words: Bilingual, rows: Rows, among: Rows, days: int,
        risk: Direction = None, **more: Any,
    ) -> SnapshotFeature:  # fmt: skip
        """Divide the money (or rows) of some rows by that of more; ``words`` name the share."""
        formula = Ratio(self._additive(days, rows), self._additive(days, among))
        return ratio(f"{name}_{days}d", words, formula, days, self.purposes, risk, **more)

    def sum(self, days: int, rows: Rows = ()) -> Aggregate:
        """State a sum of the family's column, to be part of a formula."""
        return Aggregate("sum", self.source, days, self.of, rows)

    def count(self, days: int, rows: Rows = ()) -> Aggregate:
        """State a count, to be part of a formula."""
        return Aggregate("count", self.source, days, None, rows)

    def _additive(self, days: int, rows: Rows) -> Aggregate:
        return self.sum(days, rows) if self.of else self.count(days, rows)

    def _over(
        self, name: str, words: Bilingual, formula: Formula, days: int, when_empty: WhenEmpty,
        unit: str, risk: Direction,
    ) -> SnapshotFeature:  # fmt: skip
        return feature(
            f"{name}_{days}d", formula, unit,
            f"{sentence(words.en)} in the {days} days before the snapshot",
            in_window(words, days), when_empty, self.purposes, risk=risk,
        )  # fmt: skip


def feature(
    name: str, formula: Formula, unit: str, meaning: str, label: Bilingual, when_empty: WhenEmpty,
    purposes: tuple[Purpose, ...], reason: Bilingual | None = None, risk: Direction = None,
    **sensitive: Any,
) -> SnapshotFeature:  # fmt: skip
    """State one feature; a reason that is not given reads like the label."""
    told = reason or Bilingual(sentence(label.en), label.zh)
    return SnapshotFeature(name, formula, unit, meaning, label, told, when_empty, purposes,
                           risk_direction=risk, **sensitive)  # fmt: skip


def ratio(
    name: str, words: Bilingual, formula: Formula, days: int, purposes: tuple[Purpose, ...],
    risk: Direction = None, **more: Any,
) -> SnapshotFeature:  # fmt: skip
    """State a ratio over one window; ``words`` name it without the window."""
    meaning = f"{sentence(words.en)}, over the {days} days before the snapshot"
    return feature(name, formula, "ratio", meaning, in_window(words, days), NO_DENOMINATOR,
                   purposes, risk=risk, **more)  # fmt: skip


def as_proxy(stated: SnapshotFeature, because: str) -> SnapshotFeature:
    """Mark a feature as a possible stand-in for a protected attribute."""
    return replace(stated, sensitive="proxy", sensitive_because=because)


def in_window(words: Bilingual, days: int) -> Bilingual:
    """Add the window to a name.

    >>> in_window(Bilingual("money spent", "支出"), 90).zh
    '近90天支出'
    """
    return Bilingual(f"{words.en}, last {days} days", f"近{days}天{words.zh}")


def sentence(words: str) -> str:
    """Begin with a capital.

    >>> sentence("money spent")
    'Money spent'
    """
    return words[:1].upper() + words[1:]
