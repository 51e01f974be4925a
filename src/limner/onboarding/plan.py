"""The whole draft, decided: each column's part, the samples in time, what is left out."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from limner.contract import Column, Contract, Sensitivity
from limner.domain import Bilingual, Purpose
from limner.engine import identifier
from limner.errors import ColumnMissing, HeaderAbsent, TableUnfit
from limner.onboarding.columns import (
    DraftedColumn,
    draft_category,
    draft_date,
    draft_number,
    draft_outcome,
    refuse_too_large,
    sift,
)
from limner.onboarding.favoured import favours_event
from limner.onboarding.file_shape import FileShape
from limner.onboarding.leaks import Encoded, encode_column, find_duplicates, measure_leak
from limner.onboarding.leaks import target_of_sample as outcome_of_sample
from limner.onboarding.mixed_dates import why_mixed
from limner.onboarding.naming import column_names, shown, words_for
from limner.onboarding.profile import ColumnProfile, Progress, TableProfile
from limner.onboarding.protected import is_nominal, perhaps_protected
from limner.onboarding.protected_words import WHERE_PEOPLE_LIVE
from limner.onboarding.stated import StatedColumns, find_stated
from limner.onboarding.suspicions import Suspicion, suspect_column
from limner.onboarding.target import Target, read_target
from limner.onboarding.time_axis import TimeAxis, choose_late_day, no_time_axis
from limner.portfolios.placeholders import TO_STATE
from limner.settings import OnboardingLimits

OWNER_TO_STATE = f"{TO_STATE} who answers for this table"


@dataclass(frozen=True)
class LeftOut:
    """A column of the file that the portfolio does not take in."""

    label: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Wanted:
    """What the person asked for."""

    name: str
    model: str
    target: str
    id_column: str | None
    time_column: str | None
    event: str | None = None
    favourable: str | None = None
    purpose: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """Everything that a draft says, before it is written as text."""

    wanted: Wanted
    file_name: str
    shape: FileShape
    rows: int
    sampled_rows: int
    target: Target
    columns: tuple[DraftedColumn, ...]
    left_out: tuple[LeftOut, ...]
    time: TimeAxis

    @property
    def contract(self) -> Contract:
        return Contract(
            table=self.wanted.name, owner=OWNER_TO_STATE,
            source=shown(self.file_name), columns=tuple(c.column for c in self.columns),
        )  # fmt: skip

    @property
    def extract_columns(self) -> tuple[str, ...]:
        """Columns that the file must have, in its own order."""
        used = [c.profile for c in self.columns if c.profile]
        return tuple(p.source for p in sorted(used, key=lambda p: p.position))

    @property
    def outcome(self) -> DraftedColumn:
        return next(c for c in self.columns if c.use == "outcome")

    @property
    def favours_event(self) -> bool | None:
        """Whether customers with the event should get the favourable decision, if stated."""
        return favours_event(self.wanted.favourable, self.target)

    @property
    def time_name(self) -> str | None:
        """Name the column of the rows' dates, or None if no time was stated."""
        dated = (c.name for c in self.columns if c.profile is self.time.column)
        return next(dated) if self.time.column else None

    @property
    def purpose(self) -> Purpose | None:
        """What the score is for, if stated."""
        return Purpose(self.wanted.purpose) if self.wanted.purpose else None

    def used_as(self, use: str) -> tuple[DraftedColumn, ...]:
        """Return the columns of one use, in file order."""
        return tuple(c for c in self.columns if c.use == use)


def make_plan(
    table: TableProfile, file_name: str, shape: FileShape, wanted: Wanted,
    limits: OnboardingLimits, quarantine_limit: float, progress: Progress,
) -> Plan:  # fmt: skip
    """Decide the part of every column.

    Raises:
        ColumnMissing: the file has no column of a name that was stated.
        HeaderAbsent: the same, of a file without a header.
        TargetUnfit: the target is no outcome of two values.
        NumberTooLarge: a column to be read has numbers beyond what a model can hold.
        FavourableUnfit: the favourable value that was stated is not one of them.
        TableUnfit: the time column holds no dates, or no column is left to learn from.
        OptionsContradict: one column is stated to be two things.
    """
    _refuse_names_without_header(table, file_name, shape, wanted)
    target = read_target(table, _find(table, wanted.target), limits, quarantine_limit, wanted.event)
    favours_event(wanted.favourable, target)  # refused before the columns are looked at
    time = no_time_axis()
    if wanted.time_column:
        time = choose_late_day(table, _find(table, wanted.time_column), target, limits, file_name)
    key = _find(table, wanted.id_column) if wanted.id_column else None
    stated = find_stated(
        wanted.keep, wanted.drop, wanted.protected, partial(_find, table),
        {"--target": target.column, "--time": time.column, "--id": key},
    )  # fmt: skip
    drafter = _Drafter(table, limits, target, time, key, stated, quarantine_limit, progress)
    columns, left_out = drafter.draft()
    refuse_too_large(columns, file_name)
    if not any(c.use == "feature" for c in columns):
        raise TableUnfit(
            file_name, "no column is left to learn from",
            "look at --dry-run's reasons on a file with more columns than keys and leaks",
        )  # fmt: skip
    return Plan(
        wanted, file_name, shape, table.rows, table.sampled_rows, target, columns, left_out, time
    )


def _refuse_names_without_header(
    table: TableProfile, file_name: str, shape: FileShape, wanted: Wanted
) -> None:
    """Say that there is no header before saying that a column is absent."""
    if shape.header or shape.labels:
        return
    labels = [column.label for column in table.columns]
    stated = (wanted.target, wanted.time_column, wanted.id_column)
    for name in (*stated, *wanted.keep, *wanted.drop, *wanted.protected):
        if name and table.find(name) is None:
            raise HeaderAbsent(file_name, name, shape.no_header_reason, labels)


def _find(table: TableProfile, wanted: str) -> ColumnProfile:
    found = table.find(wanted)
    if found is None:
        raise ColumnMissing("the file", [wanted], [shown(c.label) for c in table.columns])
    return found


_KEPT = "stated as --keep when the portfolio was drafted"
_DROPPED = Bilingual("stated as --drop when the portfolio was drafted", "起草时以 --drop 指定排除")
_NOMINAL = "whole numbers that stand for kinds of things, as the header says: categories"


class _Drafter:
    """Goes through the columns once, keeping count of what may go to quarantine."""

    def __init__(
        self, table: TableProfile, limits: OnboardingLimits, target: Target, time: TimeAxis,
        key: ColumnProfile | None, stated: StatedColumns, quarantine_limit: float,
        progress: Progress,
    ) -> None:  # fmt: skip
        self.stated = stated
        self.table, self.limits, self.target, self.time, self.key = table, limits, target, time, key
        self.progress = progress
        names = column_names([column.label for column in table.columns])
        self.names = {c.source: n for c, n in zip(table.columns, names, strict=True)}
        # Half of what may be quarantined is kept for what later extracts bring.
        self.budget = int(quarantine_limit * table.rows / 2) - target.rows_quarantined
        self.left_out: list[LeftOut] = []
        self.has_age = False

    def draft(self) -> tuple[tuple[DraftedColumn, ...], tuple[LeftOut, ...]]:
        drafted = [self._key()]
        encoded: dict[str, Encoded] = {}
        for column in self.table.columns:
            if self.target.column is column or self.key is column:
                continue
            found = self._column(column)
            if found is not None:
                self.budget -= found.rows_quarantined
                drafted.append(found)
                if found.use == "feature":
                    encoded[column.source] = encode_column(self.table, column)
        drafted = [self._drop_or_ask(c) for c in self._mark_leaks(drafted, encoded)]
        drafted = self._mark_duplicates(drafted, encoded)
        return (*drafted, self._outcome()), tuple(self.left_out)

    def _column(self, column: ColumnProfile) -> DraftedColumn | None:
        name = self.names[column.source]
        if self.time.column is column:
            reason = "stated as the time of each row: parts the out-of-time sample, no feature"
            return self._date(column, reason)
        suspicion = self._suspicion(column)
        if suspicion and suspicion.suspect == "protected":
            return self._protected(column, suspicion)
        if suspicion:
            self._leave_out(column, suspicion.suspect, suspicion.reason)
            return None
        return self._ordinary(column, name)

    def _ordinary(self, column: ColumnProfile, name: str) -> DraftedColumn | None:
        if column.kind == "date":
            reason = "a column of dates: no feature by itself; --time makes one the time of a row"
            return self._date(column, reason)
        nominal = is_nominal(column, self.limits.most_groups)
        if column.number and not nominal:
            return draft_number(
                column, name, self.limits, self._stray_budget(), self._rare_codes(column)
            )
        drafted = self._category(column, name, self.limits.most_categories)
        if drafted and nominal:
            return replace(drafted, reasons=(_NOMINAL, *drafted.reasons))
        return drafted

    def _suspicion(self, column: ColumnProfile) -> Suspicion | None:
        """Return what a person stated of the column, else what it is suspected of."""
        found = suspect_column(self.table, column, self.limits)
        if column.source in self.stated.protected:
            topic = found.topic if found else ""
            return Suspicion("protected", "stated as --protected", topic)
        if found is None or column.source not in self.stated.keep:
            return found
        # What the law protects stays protected in the model too; all else is as stated.
        stays = found.suspect in ("empty", "constant") or (
            found.suspect == "protected" and found.topic != WHERE_PEOPLE_LIVE
        )
        return found if stays else None

    def _drop_or_ask(self, drafted: DraftedColumn) -> DraftedColumn:
        """Drop what a person stated, and ask what only a person can tell."""
        profile = drafted.profile
        if profile is None or drafted.use not in ("feature", "leak", "protected"):
            return drafted
        kept = profile.source in self.stated.keep
        if drafted.use == "protected":
            return replace(drafted, taken_back=_KEPT) if kept else drafted
        if profile.source in self.stated.drop:
            reasons = ("stated as --drop: no feature", *drafted.reasons)
            return replace(drafted, use="dropped", finding=_DROPPED, reasons=reasons)
        sign = None if kept else perhaps_protected(profile)
        return replace(drafted, question=sign.reason) if sign else drafted

    def _date(self, column: ColumnProfile, reason: str) -> DraftedColumn:
        found = draft_date(column, self.names[column.source], self._stray_budget())
        why = why_mixed(self.table, column)
        return replace(found, reasons=tuple(filter(None, (reason, why, *found.reasons))))

    def _protected(self, column: ColumnProfile, suspicion: Suspicion) -> DraftedColumn | None:
        name = self.names[column.source]
        note = f"{suspicion.reason}: protected, for assessment by group and no feature"
        is_age = suspicion.topic == "age" and column.number and 0 <= column.low <= column.high < 130
        if is_age and column.distinct > self.limits.most_groups and not self.has_age:
            self.has_age = True
            found = draft_number(
                column, "age", self.limits, self._stray_budget(), self._rare_codes(column)
            )
            reasons = (note, *found.reasons)
            age = replace(
                found.column, sensitivity=Sensitivity.PROTECTED, unit="years",
                low=min(18, math.floor(column.low)), high=max(110, math.ceil(column.high)),
            )  # fmt: skip
            return replace(found, column=age, use="protected", reasons=reasons)
        if column.values and column.distinct <= self.limits.most_groups:
            drafted = self._category(column, name, self.limits.most_groups, protected=True)
            if drafted:
                return replace(drafted, use="protected", reasons=(note, *drafted.reasons))
        self._leave_out(
            column, "protected", f"{suspicion.reason}: protected, and in no groups to assess by"
        )
        return None

    def _category(
        self, column: ColumnProfile, name: str, most: int, protected: bool = False
    ) -> DraftedColumn | None:
        values = column.values or {}
        known = {v: n for v, n in values.items() if v not in column.markers}
        early = self.time.early_counts(self.table, column) if self.time.late_from else known
        sifted = sift(known, early, self.limits, column.known, most)
        if not sifted.allowed:
            self._leave_out(column, "many values", "no value occurs often enough")
            return None
        return draft_category(column, name, sifted, protected)

    def _leave_out(self, column: ColumnProfile, kind: str, reason: str) -> None:
        self.left_out.append(LeftOut(shown(column.label), kind, reason))

    def _stray_budget(self) -> int:
        return max(0, min(self.budget, int(self.limits.stray_share * self.table.rows)))

    def _rare_codes(self, column: ColumnProfile) -> dict[int, int]:
        """Codes that the development sample might lack."""
        if not column.codes:
            return {}
        early = column.codes
        if self.time.late_from:
            early = self.time.early_codes(self.table, column)
        least = self.limits.least_rows
        return {code: n for code, n in column.codes.items() if early.get(code, 0) < least}

    def _mark_leaks(
        self, drafted: list[DraftedColumn], encoded: Mapping[str, Encoded]
    ) -> list[DraftedColumn]:
        outcome = outcome_of_sample(self.table, self.target)
        known = ~np.isnan(outcome)
        limits = self.limits
        self.progress("what each column alone tells of the outcome")

        def marked(column: DraftedColumn) -> DraftedColumn:
            if column.profile is None or column.profile.source not in encoded:
                return column
            leak = measure_leak(encoded[column.profile.source].of(known), outcome[known], limits)
            if not leak.suspected and not leak.strong:
                return column
            found = replace(column, finding=leak.reason, reasons=(leak.reason.en, *column.reasons))
            if not leak.suspected:
                return found
            if column.profile.source in self.stated.keep:
                return replace(found, taken_back=_KEPT)
            return replace(found, use="leak")

        return [marked(column) for column in drafted]

    def _mark_duplicates(
        self, drafted: list[DraftedColumn], encoded: Mapping[str, Encoded]
    ) -> list[DraftedColumn]:
        names = {c.profile.source: c.name for c in drafted if c.profile and c.use == "feature"}
        twins = find_duplicates(
            {names[source]: e for source, e in encoded.items() if source in names}, self.limits
        )

        def marked(column: DraftedColumn) -> DraftedColumn:
            kept = column.profile and column.profile.source in self.stated.keep
            if column.use != "feature" or column.name not in twins or kept:
                return column
            twin, reason = twins[column.name]
            said = f"{reason}: no feature, so that no fact counts twice"
            finding = Bilingual(said, f"与 {twin} 内容基本相同：同一信息不重复计入")
            return replace(
                column, use="duplicate", finding=finding, reasons=(said, *column.reasons)
            )

        return [marked(column) for column in drafted]

    def _key(self) -> DraftedColumn:
        if self.key is None:
            column = Column("customer_id", "integer", "Place in the file: it names no person",
                            unique=True, sensitivity=Sensitivity.IDENTIFIER)  # fmt: skip
            reason = "no --id was stated: rows are numbered in file order"
            return DraftedColumn(
                None, column, "(row_number() OVER ())::VARCHAR", "key",
                words_for("customer_id", "customer_id"), (reason,),
            )  # fmt: skip
        unique, repeats = _uniqueness(self.table, self.key)
        column = Column(
            "customer_id", "integer" if self.key.kind == "integer" else "text",
            shown(self.key.label), unique=unique, required=not self.key.missing,
            missing=tuple(dict.fromkeys(("", *self.key.markers))),
            sensitivity=Sensitivity.IDENTIFIER,
        )  # fmt: skip
        return DraftedColumn(
            self.key, column, identifier(self.key.source), "key",
            words_for(self.key.label, "customer_id"), ("stated as --id", *repeats),
        )  # fmt: skip

    def _outcome(self) -> DraftedColumn:
        target = self.target
        name = self.names[target.column.source]
        meaning = f"{shown(target.column.label)} is {shown(target.event_text, 30)}"
        reasons = [target.reason, f"{target.events:,} of {self.table.rows:,} rows have the event"]
        absent = sum(target.missing.values())
        if absent:
            reasons.append(f"{absent:,} rows have no outcome: they go to quarantine")
        if target.strays:
            strays = sum(target.strays.values())
            reasons.append(
                f"rows with neither of the two values: {strays:,}, which go to quarantine"
            )
        return draft_outcome(
            target.column, name, target.text_sql, meaning, tuple(reasons), tuple(target.missing)
        )


def _uniqueness(table: TableProfile, key: ColumnProfile) -> tuple[bool, list[str]]:
    row = table.connection.execute(
        f"SELECT count(v), count(DISTINCT v) FROM (SELECT {key.text} AS v FROM extract"
        " WHERE v <> '')"
    ).fetchone() or (0, 0)
    if row[0] == row[1]:
        return True, []
    return False, [
        f"{row[0] - row[1]:,} rows repeat an id: rows of one customer may then be learnt from and"
        " tested on, which flatters the figures"
    ]
