"""Settings, files, tables and artefacts that are not what they must be."""

from collections.abc import Iterable, Sequence

from limner.errors.base import LimnerError, some_of


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


class PathUnreadable(LimnerError):
    """A path that the SQL engine cannot be told: a backslash beside ``*``, ``?`` or ``[``."""

    exit_code = 120

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(
            f"{file}: its path holds a backslash and one of * ? [, which cannot be read together:"
            " rename the file or its folder"
        )


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


class ContractUnfit(LimnerError):
    """A contract names a column in a way that no query could tell from another."""

    exit_code = 122

    def __init__(self, table: str, column: str, reason: str) -> None:
        self.table, self.column, self.reason = table, column, reason
        super().__init__(
            f"contract {table}: '{column}' cannot name a column: {reason}: name it otherwise, and"
            " map the file's column to that name"
        )


class NumberTooLarge(LimnerError):
    """A table's numbers, or what is computed from them, are beyond what a model can hold."""

    exit_code = 121

    def __init__(self, table: str, columns: Sequence[str], rows: Sequence[int]) -> None:
        self.table, self.columns, self.rows = table, tuple(columns), tuple(rows)
        found = (f"{column} ({n:,} rows)" for column, n in zip(columns, rows, strict=False))
        super().__init__(
            f"{table}: numbers beyond 3.4e+38 in size, more than a model can hold, in"
            f" {some_of(found)}: correct these rows or remove them"
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


class UnknownName(LimnerError):
    """A model, portfolio or sample of this name does not exist."""

    exit_code = 18

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        told = f"{hint}; " if hint else ""
        super().__init__(
            f"no {kind} is named '{name}'; {told}known: {some_of(self.known, 20) or 'none'}"
        )


class ForeignCode(LimnerError):
    """A command would run the code of another folder than the one that it works in."""

    exit_code = 150

    def __init__(self, own: str, running: str) -> None:
        self.own, self.running = own, running
        super().__init__(
            f"the code of {running} would run here, not that of {own}: run stages by"
            " 'uv run dvc repro', and other commands with PYTHONPATH=src before them"
        )


class ArtifactMissing(LimnerError):
    """A file that an earlier stage writes is not there."""

    exit_code = 21

    def __init__(self, path: str, remedy: str) -> None:
        self.path, self.remedy = path, remedy
        super().__init__(f"{path} is missing: {remedy}")
