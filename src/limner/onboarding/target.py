"""Which of a column's values is the event that the model predicts."""

from collections.abc import Mapping
from dataclasses import dataclass

from limner.engine import identifier, literal
from limner.errors import TargetUnfit, some_of
from limner.onboarding.missing import is_missing
from limner.onboarding.profile import ColumnProfile, TableProfile
from limner.settings import OnboardingLimits

# The first of each pair is the event.
_PAIRS = (
    ("1", "0"), ("yes", "no"), ("y", "n"), ("true", "false"), ("t", "f"), ("是", "否"),
    ("有", "无"), ("bad", "good"), ("default", "paid"), ("1", "-1"), ("违约", "正常"), ("坏", "好"),
)  # fmt: skip
_MOST_CLASSES = 20


@dataclass(frozen=True)
class Target:
    """The outcome's column: raw texts (lower case) of the event and of its absence."""

    column: ColumnProfile
    event: tuple[str, ...]
    other: tuple[str, ...]
    event_text: str
    events: int
    others: int
    missing: Mapping[str, int]
    reason: str

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
        return f"try_cast({self.text_sql} AS BIGINT)"

    @property
    def text_sql(self) -> str:
        """SQL of the text '1' or '0'; any other text stays, for intake to see."""
        column = identifier(self.column.source)
        if self.is_plain:
            return column
        cases = [(text, "'1'") for text in self.event] + [(text, "'0'") for text in self.other]
        whens = " ".join(f"WHEN {literal(text)} THEN {value}" for text, value in cases)
        return f"CASE lower({self.column.text}) {whens} ELSE {column} END"


def read_target(
    table: TableProfile, column: ColumnProfile, limits: OnboardingLimits, missing_limit: float
) -> Target:
    """Read the target's two values, of any spelling.

    Args:
        missing_limit: share of rows that may lack the outcome (they go to quarantine).

    Raises:
        TargetUnfit: it is constant, has more than two values, or too few events.
    """
    counts = _count_spellings(table, column)
    missing = {text: n for text, n in counts.items() if is_missing(text, among_numbers=False)}
    classes = _classes({text: n for text, n in counts.items() if text not in missing})
    _refuse_other_than_two(column, classes)
    absent = sum(missing.values())
    if absent > missing_limit * column.rows:
        raise TargetUnfit(
            column.label, f"{absent:,} of {column.rows:,} rows have no outcome",
            "leave these rows out of the file, or give them an outcome",
        )  # fmt: skip
    (event, other), reason = _which_is_the_event(classes)
    target = Target(
        column, tuple(classes[event][0]), tuple(classes[other][0]), event, classes[event][1],
        classes[other][1], missing, reason,
    )  # fmt: skip
    fewest = min(target.events, target.others)
    if fewest < limits.least_events:
        raise TargetUnfit(
            column.label, f"only {fewest:,} rows have the rarer value",
            f"a model needs at least {limits.least_events}: take a longer period or more customers",
        )  # fmt: skip
    return target


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
        values = some_of(f"'{name[:40]}' ({rows:,})" for name, (_, rows) in classes.items())
        raise TargetUnfit(
            column.label, f"it has {len(classes)} values: {values}",
            "add a column that is 1 for the one event to predict and 0 otherwise, and name that",
        )  # fmt: skip
    what = "numbers" if column.number else "texts"
    span = f" from {column.low:,.10g} to {column.high:,.10g}" if column.number else ""
    raise TargetUnfit(
        column.label, f"it has {column.distinct:,} different {what}{span}",
        "add a column that is 1 where the event happened (above a limit, say) and 0 otherwise",
    )  # fmt: skip


def _which_is_the_event(
    classes: Mapping[str, tuple[list[str], int]],
) -> tuple[tuple[str, str], str]:
    for event, other in _PAIRS:
        if set(classes) == {event, other}:
            return (event, other), f"the event is '{event}', the other value is '{other}'"
    rarer, commoner = sorted(classes, key=lambda name: (classes[name][1], name))
    return (rarer, commoner), (
        f"the event is taken to be '{rarer[:40]}', the rarer of the two values (the other is"
        f" '{commoner[:40]}'): swap them if it is the other way round"
    )
