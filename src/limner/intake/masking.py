"""What a quarantine file may show of a row: enough to mend the extract, nobody's data.

Quarantined rows are kept, and a row may be there because its cells slipped into other
columns, so a column's sensitivity alone protects nobody:

- keys are shown as pseudonyms, or as ``***`` where none are made;
- direct identifiers are shown as ``***``;
- free text, and any value that is at fault by itself, is shown by its shape:
  ``Jan Novák`` as ``Aaa Aaaaa``, ``31/12/2024`` as ``99/99/9999``, ``-120`` as ``-999``;
- all else is a value that its contract knows, and is shown as it came.
"""

from collections.abc import Callable

from limner.contract import Column, Contract, Sensitivity
from limner.engine import Connection, identifier
from limner.intake.checks import Rule
from limner.intake.copies import RULES
from limner.intake.staging import text_sql

HIDDEN = "***"
SHAPE_LENGTH = 40

# SQL of a key's text → SQL of its pseudonym.
Pseudonym = Callable[[Column, str], str]
# Called once with the open connection, where it may register what its SQL needs.
Pseudonymise = Callable[[Connection], Pseudonym]


def hide_keys(_: Connection) -> Pseudonym:
    """Make no pseudonyms: every known key is hidden."""
    return lambda _, text: _hidden(text)


def shape_sql(text: str) -> str:
    """SQL of a text's shape: letters as A or a, digits as 9, the first 40 characters."""
    for pattern, mark in (
        (r"\p{Lu}", "A"), (r"[\p{Ll}\p{Lt}\p{Lm}\p{Lo}\p{M}]", "a"), (r"\p{N}", "9"),
    ):  # fmt: skip
        text = f"regexp_replace({text}, '{pattern}', '{mark}', 'g')"
    return f"left({text}, {SHAPE_LENGTH})"


def shown_cells(contract: Contract, rules: list[Rule], pseudonym: Pseudonym) -> dict[str, str]:
    """SQL of what a quarantine file shows of each column; ``rules`` are the row's rules."""
    return {column.name: _shown(contract, column, rules, pseudonym) for column in contract.columns}


def _shown(contract: Contract, column: Column, rules: list[Rule], pseudonym: Pseudonym) -> str:
    text = text_sql(contract, column.name)
    if column.key:
        return pseudonym(column, f"CAST({identifier(column.name)} AS VARCHAR)")
    if column.sensitivity is Sensitivity.IDENTIFIER:
        return _hidden(text)
    if column.kind == "text" or (column.kind == "category" and not column.allowed):
        return shape_sql(text)
    of_value = [
        str(number)
        for number, rule in enumerate(rules, 1)
        if rule.of_value and rule.column == column.name
    ]
    if not of_value:
        return text
    at_fault = f"list_has_any({RULES}, [{', '.join(of_value)}])"
    return f"CASE WHEN {at_fault} THEN {shape_sql(text)} ELSE {text} END"


def _hidden(text: str) -> str:
    return f"CASE WHEN {text} IS NOT NULL THEN '{HIDDEN}' END"
