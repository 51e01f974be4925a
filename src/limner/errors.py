"""Every deliberate error: one base, an exit code each, a message that says what to do.

An error that is not a :class:`LimnerError` is a fault of Limner itself and keeps
its stack trace (exit code 1); these never show one.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar


class LimnerError(Exception):
    """Base of every error that Limner raises on purpose."""

    exit_code: ClassVar[int] = 1


def some_of(values: Iterable[object], most: int = 8) -> str:
    """Name at most ``most`` values, so that an error stays one readable line.

    >>> some_of(["a", "b", "c"], most=2)
    'a, b … (1 more)'
    """
    named = [str(value) for value in values]
    rest = len(named) - most
    return ", ".join(named[:most]) + (f" … ({rest} more)" if rest > 0 else "")


class SettingsInvalid(LimnerError):
    """``params.yaml`` has an unknown, missing or impossible value."""

    exit_code = 3

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"{file}: " + "; ".join(problems))


class DataFileMissing(LimnerError):
    """A portfolio's data file is not where ``params.yaml`` says it is."""

    exit_code = 4

    def __init__(self, portfolio: str, location: str, remedy: str) -> None:
        self.portfolio, self.location, self.remedy = portfolio, location, remedy
        super().__init__(f"portfolio {portfolio}: no data file at '{location}': {remedy}")


class DataFileAltered(LimnerError):
    """A portfolio's data file is not the one that was reviewed."""

    exit_code = 5

    def __init__(self, portfolio: str, location: str, fact: str, expected: str, found: str) -> None:
        self.portfolio, self.location, self.fact = portfolio, location, fact
        self.expected, self.found = expected, found
        super().__init__(
            f"portfolio {portfolio}: {location} has {fact} {found}, expected {expected}: restore"
            f" the file, or if the change is meant, review it and state the new {fact} in"
            f" params.yaml under portfolios.{portfolio}.source"
        )


class DataFileUnreadable(LimnerError):
    """A data file cannot be read as the table that its portfolio describes."""

    exit_code = 6

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{file} cannot be read as a table: {reason}")


class ContractBreach(LimnerError):
    """More rows break a table's contract than ``params.yaml`` allows."""

    exit_code = 11

    def __init__(
        self, table: str, column: str, rule: str, breaches: int, rows: int, limit: float
    ) -> None:
        self.table, self.column, self.rule = table, column, rule
        self.breaches, self.rows, self.limit = breaches, rows, limit
        super().__init__(
            f"{table}.{column}: {breaches:,} of {rows:,} rows break '{rule}', more than the"
            f" {limit:.2%} that params.yaml allows (intake.quarantine_limit): mend the extract"
        )


class ColumnMissing(LimnerError):
    """A table lacks columns that its contract promises."""

    exit_code = 12

    def __init__(self, table: str, missing: Sequence[str], present: Sequence[str]) -> None:
        self.table, self.missing, self.present = table, tuple(missing), tuple(present)
        super().__init__(
            f"{table}: column {some_of(missing)} is absent; the file has: {some_of(present, 20)}"
        )


class RowsLost(LimnerError):
    """Rows in are not rows trusted plus rows quarantined: a fault that must stop the flow."""

    exit_code = 13

    def __init__(self, table: str, rows_in: int, trusted: int, quarantined: int) -> None:
        self.table = table
        self.rows_in, self.trusted, self.quarantined = rows_in, trusted, quarantined
        super().__init__(
            f"{table}: {rows_in:,} rows in, but {trusted:,} trusted + {quarantined:,} quarantined"
        )


class UnknownCategory(LimnerError):
    """A category that the model never saw in training."""

    exit_code = 14

    def __init__(self, column: str, value: str, known: Sequence[str], where: str) -> None:
        self.column, self.value, self.known, self.where = column, value, tuple(known), where
        super().__init__(
            f"{where}: {column} = '{value}' was never seen in training;"
            f" known values: {some_of(known, 20)}"
        )


class EmptySample(LimnerError):
    """A sample that must hold customers holds none."""

    exit_code = 15

    def __init__(self, model: str, sample: str, remedy: str) -> None:
        self.model, self.sample, self.remedy = model, sample, remedy
        super().__init__(f"model {model}: the {sample} sample holds no customer: {remedy}")


class SingleClassSample(LimnerError):
    """A sample in which every customer has the same outcome."""

    exit_code = 16

    def __init__(self, model: str, sample: str, outcome: str, value: int, rows: int) -> None:
        self.model, self.sample, self.outcome = model, sample, outcome
        self.value, self.rows = value, rows
        super().__init__(
            f"model {model}: all {rows:,} customers of the {sample} sample have {outcome}"
            f" = {value}: a model needs both outcomes; widen the sample or check the"
            " outcome's definition"
        )


class AdditivityBroken(LimnerError):
    """Contributions do not add up to the score they explain."""

    exit_code = 17

    def __init__(self, model: str, gap: float, tolerance: float) -> None:
        self.model, self.gap, self.tolerance = model, gap, tolerance
        super().__init__(
            f"model {model}: contributions miss the score by {gap:.2g} in log-odds,"
            f" more than {tolerance:.2g}: the explanation may not be shown"
        )


class UnknownName(LimnerError):
    """A model, portfolio or sample of this name does not exist."""

    exit_code = 18

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        super().__init__(f"no {kind} is named '{name}'; known: {some_of(self.known, 20) or 'none'}")


class FeatureForbidden(LimnerError):
    """A model asks for a feature that it may not use."""

    exit_code = 19

    def __init__(self, model: str, feature: str, reason: str) -> None:
        self.model, self.feature, self.reason = model, feature, reason
        super().__init__(f"model {model} may not use feature {feature}: {reason}")


class NoChampion(LimnerError):
    """Nothing can be served: no model has a champion in the registry."""

    exit_code = 20

    def __init__(self, registry: str) -> None:
        self.registry = registry
        super().__init__(
            f"no model has a champion in {registry}: run 'uv run dvc repro' first"
            " (after 'dvc pull': 'uv run limner register')"
        )


class ArtifactMissing(LimnerError):
    """A file that an earlier stage writes is not there."""

    exit_code = 21

    def __init__(self, path: str, remedy: str) -> None:
        self.path, self.remedy = path, remedy
        super().__init__(f"{path} is missing: {remedy}")


class RecordInvalid(LimnerError):
    """A record that cannot be scored, with every field at fault."""

    exit_code = 22

    def __init__(self, faults: Sequence["FieldFault"]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{f.pointer}: {f.detail}" for f in self.faults[:5]))


class FieldFault:
    """One field of one record that cannot be scored."""

    __slots__ = ("detail", "field", "record")

    def __init__(self, record: int, field: str, detail: str) -> None:
        self.record, self.field, self.detail = record, field, detail

    @property
    def pointer(self) -> str:
        """JSON pointer (RFC 6901) from the list of records to the field."""
        return f"/{self.record}/{self.field}" if self.field else f"/{self.record}"


class MappingBroken(LimnerError):
    """A mapping from a bank's extracts to a canonical table does not give that table."""

    exit_code = 45

    def __init__(self, bank: str, table: str, reason: str) -> None:
        self.bank, self.table, self.reason = bank, table, reason
        super().__init__(f"portfolios/{bank}/{table}.sql does not map to {table}: {reason}")


class DatabaseUnreachable(LimnerError):
    """A bank's database cannot be opened or refuses a query."""

    exit_code = 46

    def __init__(self, bank: str, database: str, reason: str) -> None:
        self.bank, self.database, self.reason = bank, database, reason
        super().__init__(f"portfolio {bank}: {database}: {reason}")


class TableMissing(LimnerError):
    """A bank has none of the canonical tables that every bank must have."""

    exit_code = 47

    def __init__(self, bank: str, needed: str, remedy: str) -> None:
        self.bank, self.needed = bank, needed
        super().__init__(f"portfolio {bank} has no {needed}: {remedy}")


class KeyMissing(LimnerError):
    """A secret key is not where the settings say it is."""

    exit_code = 55

    def __init__(self, use: str, place: str) -> None:
        self.use, self.place = use, place
        super().__init__(
            f"no {use} key at {place}: make one with 'limner privacy new-key FILE' and keep it"
            " out of the repository"
        )


class KeyUnusable(LimnerError):
    """A secret key is there but may not be used: too short, open to others, or another's."""

    exit_code = 56

    def __init__(self, use: str, place: str, reason: str) -> None:
        self.use, self.place, self.reason = use, place, reason
        super().__init__(f"the {use} key at {place} cannot be used: {reason}")


class VaultUnreadable(LimnerError):
    """The vault does not open: another key, an altered or a cut file."""

    exit_code = 57

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"the vault {file} does not open: {reason}")


class DecisionsInvalid(LimnerError):
    """The file of decisions on pairs of records cannot be followed."""

    exit_code = 58

    def __init__(self, file: str, reason: str) -> None:
        self.file, self.reason = file, reason
        super().__init__(f"{file}: {reason}")


class PseudonymUnknown(LimnerError):
    """Pseudonyms that the vault cannot turn back."""

    exit_code = 59

    def __init__(self, where: str, unknown: int, remedy: str) -> None:
        self.where, self.unknown = where, unknown
        super().__init__(f"{where}: {unknown:,} pseudonyms are not in the vault: {remedy}")


class TablesMissing(LimnerError):
    """A bank lacks the tables without which it has no point-in-time features."""

    exit_code = 50

    def __init__(
        self, required: Sequence[str], events: Sequence[str], present: Iterable[str]
    ) -> None:
        self.required, self.events, self.present = tuple(required), tuple(events), tuple(present)
        super().__init__(
            f"features need the table {some_of(required)} and at least one of"
            f" {some_of(events, 10)}; the bank has: {some_of(self.present, 20) or 'none'}:"
            " map one of its extracts to what is missing"
        )


class SumInexact(LimnerError):
    """A sum of money is so large that it is no longer exact."""

    exit_code = 51

    def __init__(self, step: str, column: str, limit: int) -> None:
        self.step, self.column, self.limit = step, column, limit
        super().__init__(
            f"{step}: a customer's {column} is beyond {limit:,}, where sums lose minor units:"
            " check the amounts' unit in the extract, or keep money in a larger unit"
        )


class SparkMissing(LimnerError):
    """The engine is to be Spark, which cannot start here."""

    exit_code = 52

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"engine: spark cannot start: {reason}: install Java 17 and 'limner[spark]', or set"
            " the engine to duckdb"
        )


class BankSettingsInvalid(LimnerError):
    """A synthetic bank cannot be made from the numbers asked for."""

    exit_code = 40

    def __init__(self, bank: str, problems: Sequence[str]) -> None:
        self.bank, self.problems = bank, tuple(problems)
        super().__init__(f"portfolio {bank} cannot be made: {some_of(problems)}")


class TableUnfit(LimnerError):
    """A file that no portfolio can be drafted from."""

    exit_code = 60

    def __init__(self, file: str, reason: str, remedy: str) -> None:
        self.file, self.reason, self.remedy = file, reason, remedy
        super().__init__(f"{file}: {reason}: {remedy}")


class TargetUnfit(LimnerError):
    """A column that cannot be the outcome of a model: it has not two values."""

    exit_code = 61

    def __init__(self, column: str, reason: str, remedy: str) -> None:
        self.column, self.reason, self.remedy = column, reason, remedy
        super().__init__(f"target {column}: {reason}: {remedy}")


class DraftExists(LimnerError):
    """A draft would take the place of something that is there; nothing was written."""

    exit_code = 62

    def __init__(self, existing: Sequence[str]) -> None:
        self.existing = tuple(existing)
        super().__init__(
            f"{some_of(existing)} exists already and a draft never overwrites: choose another"
            " name (and another --model), or remove it first; nothing was written"
        )


class DraftNameInvalid(LimnerError):
    """A name that no portfolio or model can have."""

    exit_code = 63

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(
            f"'{name}' cannot be a name: {reason}; use lower-case letters, digits and _,"
            " starting with a letter, such as card_customers"
        )


class NoPlaceForDrafts(LimnerError):
    """Drafts belong into a checkout of the project, and this is none."""

    exit_code = 64

    def __init__(self, reason: str, remedy: str) -> None:
        self.reason, self.remedy = reason, remedy
        super().__init__(f"drafts cannot be written here: {reason}: {remedy}")


class OutcomeUnavailable(LimnerError):
    """A dated outcome cannot be worked out from the tables that a bank has."""

    exit_code = 65

    def __init__(self, outcome: str, missing: Sequence[str], remedy: str) -> None:
        self.outcome, self.missing = outcome, tuple(missing)
        super().__init__(
            f"outcome {outcome}: the bank has no rows of {some_of(self.missing, 20)}: {remedy}"
        )


class SnapshotFeaturesMissing(LimnerError):
    """Customers were drawn at a snapshot for which they have no features, or not one row."""

    exit_code = 66

    def __init__(self, file: str, fact: str) -> None:
        self.file, self.fact = file, fact
        super().__init__(
            f"{file}: {fact}: compute the features of this snapshot again, from the same"
            " trusted tables as the samples"
        )


class EverySnapshotExcluded(LimnerError):
    """No customer is left at any snapshot."""

    exit_code = 67

    def __init__(self, outcome: str, population: int, reason: str, excluded: int) -> None:
        self.outcome, self.population = outcome, population
        self.reason, self.excluded = reason, excluded
        super().__init__(
            f"outcome {outcome}: of {population:,} customers seen at the snapshots none is left;"
            f" most often, {excluded:,} times: {reason}: move the snapshots in params.yaml"
            " to days inside the data"
        )


class TruthUnknown(LimnerError):
    """A bank cannot be scored: nobody wrote down what is true of its customers."""

    exit_code = 70

    def __init__(self, bank: str, file: str) -> None:
        self.bank, self.file = bank, file
        super().__init__(
            f"{bank}: no truth at {file}: only a bank that was made (or labelled there, record_id"
            " and person_id) can be scored; run 'uv run dvc repro' if it is one"
        )


class TableOutOfLimits(LimnerError):
    """A bank's table is older, or has lost more of its rows, than `params.yaml` allows."""

    exit_code = 71

    def __init__(self, table: str, fact: str, key: str) -> None:
        self.table, self.fact, self.key = table, fact, key
        super().__init__(
            f"{table}: {fact}: check that the extract is whole and of the right day; if it is,"
            f" raise {key} in params.yaml (null: no limit)"
        )


class ImputationImpossible(LimnerError):
    """Missing values of a column cannot be filled from the development sample."""

    exit_code = 69

    def __init__(self, column: str, fact: str, remedy: str) -> None:
        self.column, self.fact = column, fact
        super().__init__(f"column {column} cannot be imputed: {fact}: {remedy}")


class FeatureUnfit(LimnerError):
    """A feature that no model can learn from as it is."""

    exit_code = 72

    def __init__(self, model: str, feature: str, fact: str, remedy: str) -> None:
        self.model, self.feature, self.fact = model, feature, fact
        super().__init__(f"model {model}, feature {feature}: {fact}: {remedy}")


class LeakSuspected(LimnerError):
    """A feature that alone ranks the outcome so well that it must have seen it."""

    exit_code = 73

    def __init__(self, model: str, feature: str, column: str, auc: float, limit: float) -> None:
        self.model, self.feature, self.column = model, feature, column
        self.auc, self.limit = auc, limit
        super().__init__(
            f"model {model}, feature {feature}: alone it ranks the outcome with AUC {auc:.3f}"
            f" (limit {limit:g}): if {column} is known only afterwards, say so in the contract"
            " (timing=Timing.AFTER_OUTCOME) and take the feature out; if it is not, raise"
            " training_checks.single_feature_auc in params.yaml"
        )


class TooFewEvents(LimnerError):
    """Too few customers of one outcome to part them into folds."""

    exit_code = 74

    def __init__(self, model: str, outcome: str, events: int, folds: int, least: int) -> None:
        self.model, self.outcome, self.events = model, outcome, events
        self.folds, self.least = folds, least
        super().__init__(
            f"model {model}: {events:,} customers have the rarer value of {outcome}, too few for"
            f" {folds} folds of at least {least}: widen the sample, or lower the number of folds"
        )


class NothingToTune(LimnerError):
    """A model that cannot be tuned as it is asked."""

    exit_code = 75

    def __init__(self, model: str, reason: str, remedy: str) -> None:
        self.model, self.reason = model, reason
        super().__init__(f"model {model} cannot be tuned: {reason}: {remedy}")
