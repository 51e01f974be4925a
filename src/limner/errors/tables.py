"""Tables to be scored: columns, cells and consent that are not what they must be."""

from collections.abc import Sequence

from limner.errors.base import LimnerError, some_of


class FactsMissing(LimnerError):
    """A table to be scored lacks columns that the model must be given, or has none of them."""

    exit_code = 110

    def __init__(
        self, table: str, model: str, missing: Sequence[str], optional: Sequence[str], hint: str
    ) -> None:
        self.table, self.model, self.hint = table, model, hint
        self.missing, self.optional = tuple(missing), tuple(optional)
        may = f", and that may be given: {some_of(optional, 40)}" if optional else ""
        super().__init__(
            f"{table} lacks columns that {model} must be given: {some_of(missing, 40)}{may};"
            f" {hint}; 'limner example {model}' shows every fact by its name"
        )


class CellsInvalid(LimnerError):
    """Cells of a table break the model's contract; each is named by line and column."""

    exit_code = 111

    def __init__(self, table: str, faults: Sequence[str], count: int, hint: str = "") -> None:
        self.table, self.faults, self.count, self.hint = table, tuple(faults), count, hint
        more = [f"and {count - len(faults):,} more"] if count > len(faults) else []
        told = [hint] if hint else []
        super().__init__("; ".join([f"{table}: {faults[0]}", *faults[1:], *more, *told,
                                    "nothing was scored"]))  # fmt: skip


class ConsentUnclear(LimnerError):
    """A table says of consent what is neither yes nor no, or under a name that is not read."""

    exit_code = 112

    def __init__(self, table: str, column: str, reason: str, remedy: str = "") -> None:
        self.table, self.column, self.reason = table, column, reason
        usual = (
            "write true or false (or yes and no, 1 and 0); a blank follows"
            " features.consent_defaults in params.yaml"
        )
        super().__init__(f"{table}: {column}: {reason}: {remedy or usual}; nothing was scored")


class ColumnTwice(LimnerError):
    """A table has a column twice, so that nobody can say which is meant."""

    exit_code = 113

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        self.table, self.columns = table, tuple(columns)
        super().__init__(
            f"{table}: column {some_of(columns)} is there more than once: keep the one that is"
            " meant; nothing was scored"
        )


class TotalLine(LimnerError):
    """The last line of a table is a total, not a customer."""

    exit_code = 114

    def __init__(self, table: str, line: str) -> None:
        self.table, self.line = table, line
        super().__init__(
            f"{table}: {line}, the last, is a total of the table, not a customer: remove it;"
            " nothing was scored"
        )


class TableAmbiguous(LimnerError):
    """A table can be read by the facts' names and as the portfolio's own file, to other values."""

    exit_code = 115

    def __init__(self, table: str, columns: Sequence[str], portfolio: str, lacking: str) -> None:
        self.table, self.columns = table, tuple(columns)
        super().__init__(
            f"{table}: {some_of(columns)} would differ, read as facts or through the mapping of"
            f" portfolio {portfolio}: add its column {lacking} (it may be empty) to have the table"
            " read as its file, or save the facts as Parquet; nothing was scored"
        )
