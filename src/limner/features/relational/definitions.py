"""What a point-in-time feature is: a formula over known rows, and all that a reviewer asks of it.

A formula sees rows known in ``[snapshot - days, snapshot)`` and nothing else. A row's *age* is
the number of days from the day it became known to the snapshot: 1 is the day before.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic.dataclasses import dataclass

from limner.domain import Bilingual, Purpose

AggregateKind = Literal[
    "count", "sum", "mean", "min", "max", "deviation", "days_since_last", "days_since_first"
]
Sensitive = Literal["ordinary", "protected", "proxy"]
Operator = Literal["=", "<", "<=", ">", ">="]
# Empty for these is nought by nature, also inside a ratio; for the others it is unknown.
ADDITIVE = frozenset({"count", "sum"})


@dataclass(frozen=True)
class Condition:
    """Rows whose ``column`` compares with one of ``values``; unknown never does.

    Several values are alternatives and need ``=``.
    """

    column: str
    values: tuple[str | int | bool, ...]
    operator: Operator = "="

    def __post_init__(self) -> None:
        if not self.values or (len(self.values) > 1 and self.operator != "="):
            raise ValueError(f"{self.column} {self.operator} {self.values} compares with nothing")


def where(column: str, *values: str | int | bool, operator: Operator = "=") -> Condition:
    """State a condition in the order in which it reads.

    >>> where("balance_minor", 0, operator="<")
    Condition(column='balance_minor', values=(0,), operator='<')
    """
    return Condition(column, values, operator)


@dataclass(frozen=True)
class Aggregate:
    """A summary of the rows of one source that are ``after < age <= days`` old.

    Kinds:
        count: rows (where ``of`` is named, rows in which it is known).
        sum, mean, min, max: of a column's known values.
        deviation: standard deviation of a column's known values, divided by their number.
        days_since_last, days_since_first: age of the youngest and of the oldest row.
    """

    kind: AggregateKind
    source: str
    days: int
    of: str | None = None
    where: tuple[Condition, ...] = ()
    after: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.after < self.days:
            raise ValueError(f"no row is over {self.after} and at most {self.days} days old")
        if self.of is None and self.kind in ("sum", "mean", "min", "max", "deviation"):
            raise ValueError(f"a {self.kind} is of a column")


@dataclass(frozen=True)
class Distinct:
    """How many different values of a column the rows have; unknown is no value."""

    source: str
    of: str
    days: int
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Latest:
    """The youngest known value of a column.

    Where the source has a unit (an account, a card), the sum over the customer's units of
    each one's own latest value. Of values with the same time the lowest counts.
    ``below_zero`` counts how far each latest value is below zero, and 0 where it is not.
    """

    source: str
    of: str
    days: int
    below_zero: bool = False


@dataclass(frozen=True)
class Attribute:
    """What a customer's records say once and for all; the lowest where they differ.

    ``years_since`` turns a date into years of 365.25 days up to the snapshot.
    """

    source: str
    of: str
    days: int
    years_since: bool = False


@dataclass(frozen=True)
class Ratio:
    """``of`` divided by ``over``; missing where ``over`` is nought or unknown."""

    of: "Formula"
    over: "Formula"


@dataclass(frozen=True)
class Trend:
    """A sum or count a day in a short window over the same a day in a long one.

    1 is no change; missing where the long window has nothing.
    """

    of: Aggregate
    short: int
    long: int

    def __post_init__(self) -> None:
        if self.of.kind not in ADDITIVE or not self.short < self.long:
            raise ValueError("a trend compares a sum or count over a shorter and a longer window")


@dataclass(frozen=True)
class Variation:
    """How uneven a sum or count is over equal periods that end at the snapshot.

    Coefficient of variation: standard deviation of the periods' totals (divided by their
    number) over their mean; missing where the mean is nought.
    """

    of: Aggregate
    periods: int
    days: int = 30

    def __post_init__(self) -> None:
        if self.of.kind not in ADDITIVE or self.periods < 2:
            raise ValueError("a variation is of sums or counts over at least two periods")


@dataclass(frozen=True)
class Difference:
    """``of`` less ``less``; missing where either is."""

    of: "Formula"
    less: "Formula"


@dataclass(frozen=True)
class Scaled:
    """A formula times a number, such as three months' sum brought to one month."""

    of: "Formula"
    times: float


Primitive = Aggregate | Distinct | Latest | Attribute
Formula = Primitive | Ratio | Trend | Variation | Difference | Scaled


@dataclass(frozen=True)
class WhenEmpty:
    """What stands where a formula has nothing to work on: a value, or missing; and why."""

    value: int | None
    why: str


@dataclass(frozen=True)
class SnapshotFeature:
    """One column of a point-in-time table.

    ``sensitive`` is *protected* for a protected attribute itself and *proxy* for what may
    stand for one, with the reason in ``sensitive_because``. ``risk_direction`` is +1 where
    more of it should mean more credit risk, -1 where less, None where no one says.
    ``label`` names it in profiles; ``reason`` is what is read when it moved a score.
    """

    name: str
    formula: Formula
    unit: str
    meaning: str
    label: Bilingual
    reason: Bilingual
    when_empty: WhenEmpty
    purposes: tuple[Purpose, ...]
    sensitive: Sensitive = "ordinary"
    sensitive_because: str = ""
    risk_direction: Literal[-1, 1] | None = None

    def __post_init__(self) -> None:
        if not self.purposes:
            raise ValueError(f"{self.name} may be used for nothing")
        if (self.sensitive == "ordinary") == bool(self.sensitive_because):
            raise ValueError(f"{self.name} is {self.sensitive}: say why, or nothing")


def primitives(formula: Formula) -> Iterator[Primitive]:
    """Yield the summaries of single sources that a formula is made of, in reading order."""
    match formula:
        case Ratio():
            yield from primitives(formula.of)
            yield from primitives(formula.over)
        case Difference():
            yield from primitives(formula.of)
            yield from primitives(formula.less)
        case Scaled():
            yield from primitives(formula.of)
        case Trend():
            yield within(formula.of, 0, formula.short)
            yield within(formula.of, 0, formula.long)
        case Variation():
            yield from periods(formula)
        case _:
            yield formula


def periods(variation: Variation) -> tuple[Aggregate, ...]:
    """State the total of each period, the latest first."""
    edges = [number * variation.days for number in range(variation.periods + 1)]
    return tuple(within(variation.of, a, b) for a, b in pairwise(edges))


def within(aggregate: Aggregate, after: int, days: int) -> Aggregate:
    """State the same summary over other ages."""
    a = aggregate
    return Aggregate(a.kind, a.source, days, a.of, a.where, after)


def window_days(formula: Formula) -> int:
    """Return the longest look-back of a formula."""
    return max(primitive.days for primitive in primitives(formula))
