"""Which of a column's values is the event that the model predicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from limner.engine import identifier, literal
from limner.errors import EventNotStated, TargetUnfit, some_of
from limner.onboarding.missing import is_missing
from limner.onboarding.profile import ColumnProfile, TableProfile, held_as
from limner.settings import OnboardingLimits

# The first of each pair is the event.
_PAIRS = (
    ("1", "0"), ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("是", "否"),
    ("有", "无"), ("bad", "good"), ("default", "paid"), ("1", "-1"), ("违约", "正常"), ("坏", "好"),
)  # fmt: skip
_MOST_CLASSES = 20


@dataclass(frozen=True)
class Target:
    """The outcome's column: raw texts (lower case) of the event and of its absence.

    ``strays`` are texts that are neither and not missing: their rows go to quarantine.
    """

    column: ColumnProfile
    event: tuple[str, ...]
    other: tuple[str, ...]
    event_text: str
    events: int
    others: int
    missing: Mapping[str, int]
    reason: str
    strays: Mapping[str, int] = field(default_factory=dict)

    @property
    def rows_quarantined(self) -> int:
        """Rows whose outcome is not known, or is neither of the two values."""
        return sum(self.missing.values()) + sum(self.strays.values())

    @property
    def is_plain(self) -> bool:
        """Whether the file has 1 and 0 already."""
        return (self.event, self.other) == (("1",), ("0",))

    @property
    def rate(self) -> float:
        return self.events / (self.events + self.others)

    @property
    def sql(self) -> str:
        """SQL of 1 or 0, NULL where the outcome is not known."""
        text = self._as_text(held_as(self.column.position))
        return f"CASE try_cast({text} AS DOUBLE) WHEN 1 THEN 1 WHEN 0 THEN 0 END"

    @property
    def text_sql(self) -> str:
        """SQL of the text '1' or '0'; any other text becomes one that intake refuses.

        Where the two values are 1 and 2, say, a 0 is neither: it must not be read as "no event".
        """
        return self._as_text(identifier(self.column.source))

    def _as_text(self, column: str) -> str:
        if self.is_plain:
            return column
        cases = [(text, "'1'") for text in self.event] + [(text, "'0'") for text in self.other]
        whens = " ".join(f"WHEN {literal(text)} THEN {value}" for text, value in cases)
        rest = f"'neither: ' || {column}" if {"0", "1"} - self._spellings else column
        for text in self.missing:
            whens += f" WHEN {literal(text)} THEN {column}"
        return f"CASE lower(trim({column})) {whens} ELSE {rest} END"

    @property
    def _spellings(self) -> set[str]:
        return {*self.event, *self.other}


def read_target(
    table: TableProfile, column: ColumnProfile, limits: OnboardingLimits, missing_limit: float,
    stated_event: str | None = None,
) -> Target:  # fmt: skip
    """Read the target's two values, of any spelling; rows with another go to quarantine.

    Args:
        missing_limit: share of rows that may lack the outcome, or have neither value.
        stated_event: the event's value, where a person stated it.

    Raises:
        TargetUnfit: it is constant, has more than two values, or too few events.
        EventNotStated: which of the two values is the event is not clear.
    """
    counts = _count_spellings(table, column)
    missing = {text: n for text, n in counts.items() if is_missing(text, among_numbers=False)}
    classes = _classes({text: n for text, n in counts.items() if text not in missing})
    event_stated = _stated_class(column, classes, stated_event)
    pair = _two_values(classes, event_stated)
    two = {name: classes[name] for name in pair}
    _refuse_other_than_two(column, two)
    strays = {
        text: counts[text]
        for name, (spellings, _) in classes.items() if name not in pair
        for text in spellings
    }  # fmt: skip
    absent = sum(missing.values())
    if sum(strays.values()) + absent > missing_limit * column.rows and strays:
        _refuse_other_than_two(column, classes)
    if absent > missing_limit * column.rows:
        raise TargetUnfit(
            column.label, f"{absent:,} of {column.rows:,} rows have no outcome",
            "leave these rows out of the file, or give them an outcome",
        )  # fmt: skip
    (event, other), reason = _which_is_the_event(column, two, event_stated)
    target = Target(
        column, tuple(two[event][0]), tuple(two[other][0]), event, two[event][1],
        two[other][1], missing, reason, strays,
    )  # fmt: skip
    fewest = min(target.events, target.others)
    if fewest < limits.least_events:
        raise TargetUnfit(
            column.label, f"only {fewest:,} rows have the rarer value",
            f"a model needs at least {limits.least_events}: take a longer period or more customers",
        )  # fmt: skip
    return target


def _stated_class(
    column: ColumnProfile, classes: Mapping[str, tuple[list[str], int]], stated: str | None
) -> str | None:
    if stated is None:
        return None
    wanted = _whole(stated.strip().lower())
    if wanted not in classes:
        found = _listed(classes) if len(classes) <= _MOST_CLASSES else f"{len(classes):,} values"
        raise TargetUnfit(
            column.label, f"no row has the value '{wanted[:40]}' that --event states",
            f"state one of its values: {found}",
        )  # fmt: skip
    return wanted


def _two_values(classes: Mapping[str, tuple[list[str], int]], event: str | None) -> tuple[str, ...]:
    """Choose the event and the commonest other value, or the two commonest."""
    by_rows = sorted(classes, key=lambda name: (-classes[name][1], name))
    if event is None:
        return tuple(by_rows[:2])
    return (event, *[name for name in by_rows if name != event][:1])


def _listed(classes: Mapping[str, tuple[list[str], int]]) -> str:
    return some_of(f"'{name[:40]}' ({rows:,})" for name, (_, rows) in classes.items())


def _count_spellings(table: TableProfile, column: ColumnProfile) -> dict[str, int]:
    found = table.connection.execute(
        f"SELECT coalesce(lower({column.text}), '') AS v, count(*) AS n FROM extract GROUP BY v"
        " ORDER BY n DESC, v LIMIT 1000"
    ).fetchall()
    return {str(text): int(n) for text, n in found}


def _classes(counts: Mapping[str, int]) -> dict[str, tuple[list[str], int]]:
    """Bring 1, 1.0 and +1 together."""
    classes: dict[str, tuple[list[str], int]] = {}
    for text, n in counts.items():
        name = _whole(text)
        spellings, rows = classes.get(name, ([], 0))
        classes[name] = ([*spellings, text], rows + n)
    return classes


def _whole(text: str) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() else text


def _refuse_other_than_two(
    column: ColumnProfile, classes: Mapping[str, tuple[list[str], int]]
) -> None:
    if len(classes) == 2:
        return
    if not classes:
        raise TargetUnfit(column.label, "it is empty", "name a column that holds the outcome")
    if len(classes) == 1:
        only = next(iter(classes))
        raise TargetUnfit(
            column.label, f"every row has the value '{only[:40]}'",
            "a model needs customers with and without the event: name another column or file",
        )  # fmt: skip
    if len(classes) <= _MOST_CLASSES:
        raise TargetUnfit(
            column.label, f"it has {len(classes)} values: {_listed(classes)}",
            "add a column that is 1 for the one event to predict and 0 otherwise, and name that",
        )  # fmt: skip
    what = "numbers" if column.number else "texts"
    span = f" from {column.low:,.10g} to {column.high:,.10g}" if column.number else ""
    raise TargetUnfit(
        column.label, f"it has {column.distinct:,} different {what}{span}",
        "add a column that is 1 where the event happened (above a limit, say) and 0 otherwise",
    )  # fmt: skip


def _which_is_the_event(
    column: ColumnProfile, classes: Mapping[str, tuple[list[str], int]], stated: str | None
) -> tuple[tuple[str, str], str]:
    if stated is not None:
        (other,) = (name for name in classes if name != stated)
        said = f"the event is '{stated[:40]}', as --event states; the other value is '{other[:40]}'"
        return (stated, other), said
    for event, other in _PAIRS:
        if set(classes) == {event, other}:
            return (event, other), f"the event is '{event}', the other value is '{other}'"
    raise EventNotStated(column.label, sorted(name[:40] for name in classes), _listed(classes))
