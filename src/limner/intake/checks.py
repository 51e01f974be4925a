"""A data contract compiled to SQL: what a row breaks, rule by rule.

Rules are conditions over one relation, ``staged``: each column's typed value under its own
name, its raw text under :func:`raw_name` where the value alone does not tell it, and
:data:`ROW`, the row's number. Working a value out once instead of in every rule is half
the time.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from limner.contract import Column, Contract, Reference
from limner.domain import LARGEST_NUMBER
from limner.engine import identifier, literal
from limner.intake.copies import ROW, RULE, RULES, copies_sql, may_be_copy
from limner.intake.values import shaped_sql

_ARTICLES = {"integer": "an"}


class Rule(NamedTuple):
    """One promise and how the rows that break it are found.

    Attributes:
        column: whose promise it is; ``row`` where it spans several.
        breach: SQL condition under which a row of ``staged`` breaks it, or else
        search: SQL query for the numbers of the rows that break it.
        key: columns whose values together must be unique; ``search`` then looks among
            ``suspects``, all rows that :func:`limner.intake.copies.may_be_copy` finds.
        of_value: the column's value is at fault by itself.
    """

    column: str
    name: str
    breach: str = ""
    search: str = ""
    key: tuple[str, ...] = ()
    of_value: bool = False

    @property
    def label(self) -> str:
        return f"{self.column}: {self.name}"


def raw_name(column: Column) -> str:
    """Name the column of ``staged`` that keeps a column's text as it arrived."""
    return f"raw {column.name}"


def reference_name(reference: Reference) -> str:
    """Name the rule that a value be a key of another table."""
    return f"must be a key of {reference.table}"


def compile_rules(
    contract: Contract, day: dt.date | None = None, keys: Mapping[Reference, str] | None = None
) -> list[Rule]:
    """List every rule of a contract, in column order; those of whole rows and the key last.

    Args:
        day: the extract's own day; rows dated later break their contract. No such rule if None.
        keys: the relation of trusted keys that each reference is checked against; a
            reference that is not among them is not checked.
    """
    rules = [rule for column in contract.columns for rule in _rules_of(column, contract)]
    rules += [
        _reference_rule(column, column.references, keys[column.references])
        for column in contract.columns
        if keys and column.references and column.references in keys
    ]
    if day and contract.known_at and not contract.looks_ahead:
        value, after = identifier(contract.known_at), day + dt.timedelta(days=1)
        rules.append(
            Rule(contract.known_at, "must not lie after the extract's day",
                 f"{value} >= DATE '{after}'")
        )  # fmt: skip
    rules += [Rule("row", rule.name, f"NOT ({rule.holds})") for rule in contract.rules]
    if contract.key:
        search = copies_sql(contract, contract.key, keep_first=True)
        rules.append(
            Rule(" + ".join(contract.key), "must be unique", search=search, key=contract.key)
        )
    return rules


def findings_sql(rules: list[Rule]) -> str:
    """Query the number of every row that breaks a rule, and that rule's, counted from 1.

    Each rule is searched by itself, in its own column: over Parquet, most are settled by the
    column's statistics. Rows that may be copies of another come with rule 0.
    """
    searches = []
    for number, rule in enumerate(rules, 1):
        if rule.key:
            searches.append(f"SELECT {ROW}, 0 AS {RULE} FROM staged WHERE {may_be_copy(rule.key)}")
        else:
            where = f" WHERE {rule.breach}" if rule.breach else ""
            rows = f"({rule.search})" if rule.search else "staged"
            searches.append(f"SELECT {ROW}, {number} AS {RULE} FROM {rows}{where}")
    return " UNION ALL ".join(searches)


def broken_sql(rules: list[Rule]) -> str:
    """Query each broken row's number and the rising list :data:`RULES` of those it breaks.

    It rests on tables ``findings`` and ``suspects``, the rows that these are about.
    """
    searches = [f"SELECT * FROM findings WHERE {RULE} > 0"] + [
        f"SELECT {ROW}, {number} AS {RULE} FROM ({rule.search})"
        for number, rule in enumerate(rules, 1)
        if rule.key
    ]
    found = " UNION ALL ".join(searches)
    return f"SELECT {ROW}, list_sort(list({RULE})) AS {RULES} FROM ({found}) GROUP BY {ROW}"


def _rules_of(column: Column, contract: Contract) -> list[Rule]:
    value, raw = identifier(column.name), identifier(raw_name(column))
    markers = ", ".join(literal(marker) for marker in column.missing) or "NULL"
    rules = []
    if column.required:
        missing = f"{value} IS NULL AND ({raw} IS NULL OR trim({raw}) IN ({markers}))"
        rules.append(Rule(column.name, "must be known", missing))
    if column.kind not in ("category", "text"):
        name = f"must be {_ARTICLES.get(column.kind, 'a')} {column.kind}"
        unread = f"{value} IS NULL AND {raw} IS NOT NULL AND trim({raw}) NOT IN ({markers})"
        if column.kind == "number":
            # What is written as a number and is no value is beyond what a model can hold.
            shaped = shaped_sql(column, f"trim({raw})")
            size = f"must be at most {LARGEST_NUMBER:.2g} in size"
            rules.append(Rule(column.name, size, f"{unread} AND {shaped}", of_value=True))
            unread = f"{unread} AND NOT {shaped}"
        rules.append(Rule(column.name, name, unread, of_value=True))
    if column.allowed:
        known = ", ".join(literal(v) for v in column.allowed)
        rules.append(
            Rule(column.name, "must be an allowed value", f"{value} NOT IN ({known})",
                 of_value=True)
        )  # fmt: skip
    rules += _range_rules(column, value)
    if column.unique:
        key = (column.name,)
        search = copies_sql(contract, key, keep_first=False)
        rules.append(Rule(column.name, "must be unique", search=search, key=key))
    return rules


def _range_rules(column: Column, value: str) -> list[Rule]:
    if column.low is None or column.high is None:
        return []
    codes = ", ".join(str(code) for code, _ in column.codes)
    is_code = f" AND {value} NOT IN ({codes})" if codes else ""
    name = f"must be from {column.low:,.15g} to {column.high:,.15g}"
    breach = f"{value} NOT BETWEEN {column.low!r} AND {column.high!r}{is_code}"
    return [Rule(column.name, name, breach, of_value=True)]


def _reference_rule(column: Column, reference: Reference, keys: str) -> Rule:
    value = f"staged.{identifier(column.name)}"
    search = (
        f"SELECT {ROW} FROM staged ANTI JOIN {keys} AS known"
        f" ON {value} = known.{identifier(reference.column)} WHERE {value} IS NOT NULL"
    )
    return Rule(column.name, reference_name(reference), search=search)
