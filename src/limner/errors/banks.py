"""Banks of many systems: tables, databases, keys, the vault, snapshots."""

from collections.abc import Iterable, Sequence

from limner.errors.base import LimnerError, some_of


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
