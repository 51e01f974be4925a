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
from limner.engine import identifier, literal

ROW = "row_in_table"
_ARTICLES = {"integer": "an"}


class Rule(NamedTuple):
    """One promise and how the rows that break it are found.

    Attributes:
        column: whose promise it is; ``row`` where it spans several.
        breach: SQL condition under which a row of ``staged`` breaks it, or else
        search: SQL query for the numbers of the rows that break it.
        of_value: the column's value is at fault by itself.
    """

    column: str
    name: str
    breach: str = ""
    search: str = ""
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
    for column in contract.columns:
        if column.references in (keys or {}):
            rules.append(_reference_rule(column, column.references, (keys or {})[column.references]))
    if day and contract.known_at and not contract.looks_ahead:
        value, after = identifier(contract.known_at), day + dt.timedelta(days=1)
        rules.append(
            Rule(contract.known_at, "must not lie after the extract's day",
                 f"{value} >= DATE '{after}'")
        )  # fmt: skip
    rules += [Rule("row", rule.name, f"NOT ({rule.holds})") for rule in contract.rules]
    if contract.key:
        search = _copies(contract, contract.key, keep_first=True)
        rules.append(Rule(" + ".join(contract.key), "must be unique", search=search))
    return rules


def broken_sql(rules: list[Rule]) -> str:
    """Query the number of every row that breaks a rule, and the numbers of those rules.

    Columns are :data:`ROW` and ``rules``, a rising list that counts from 1.
    """
    local = [(number, rule) for number, rule in enumerate(rules, 1) if rule.breach]
    marks = ", ".join(f"CASE WHEN {rule.breach} THEN {number} END" for number, rule in local)
    # Rows in order break nothing: the list of marks is made for the others only.
    anything = " OR ".join(f"({rule.breach})" for _, rule in local) or "false"
    findings = [f"SELECT {ROW}, unnest([{marks}]) AS rule FROM staged WHERE {anything}"]
    findings += [
        f"SELECT {ROW}, {number} AS rule FROM ({rule.search})"
        for number, rule in enumerate(rules, 1)
        if rule.search
    ]
    return (
        f"SELECT {ROW}, list_sort(list(CAST(rule AS INTEGER))) AS rules"
        f" FROM ({' UNION ALL '.join(findings)}) WHERE rule IS NOT NULL GROUP BY {ROW}"
    )


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
        rules.append(Rule(column.name, name, unread, of_value=True))
    if column.allowed:
        known = ", ".join(literal(v) for v in column.allowed)
        rules.append(
            Rule(column.name, "must be an allowed value", f"{value} NOT IN ({known})",
                 of_value=True)
        )  # fmt: skip
    rules += _range_rules(column, value)
    if column.unique:
        search = _copies(contract, (column.name,), keep_first=False)
        rules.append(Rule(column.name, "must be unique", search=search))
    return rules


def _range_rules(column: Column, value: str) -> list[Rule]:
    if column.low is None or column.high is None:
        return []
    codes = ", ".join(str(code) for code, _ in column.codes)
    is_code = f" AND {value} NOT IN ({codes})" if codes else ""
    name = f"must be from {column.low:,.10g} to {column.high:,.10g}"
    breach = f"{value} NOT BETWEEN {column.low!r} AND {column.high!r}{is_code}"
    return [Rule(column.name, name, breach, of_value=True)]


def _reference_rule(column: Column, reference: Reference, keys: str) -> Rule:
    value = f"staged.{identifier(column.name)}"
    search = (
        f"SELECT {ROW} FROM staged ANTI JOIN {keys} AS known"
        f" ON {value} = known.{identifier(reference.column)} WHERE {value} IS NOT NULL"
    )
    return Rule(column.name, reference_name(reference), search=search)


def _copies(contract: Contract, key: tuple[str, ...], *, keep_first: bool) -> str:
    """Search rows whose key, by value, is that of another row; an unknown key copies nothing.

    Every copy is at fault, since nothing tells which is right. Only where all copies of a
    contract's key are the same in every column (a batch sent twice) is none of them wrong:
    the first is kept, lest all that refers to it be quarantined with it.
    """
    columns = ", ".join(identifier(name) for name in key)
    known = " AND ".join(f"{identifier(name)} IS NOT NULL" for name in key)
    everything = ", ".join(identifier(name) for name in contract.names)
    same = f"OVER (PARTITION BY {columns})"
    alike = (
        f"min(row({everything})) {same} IS NOT DISTINCT FROM max(row({everything})) {same}"
        f" AND row_number() OVER (PARTITION BY {columns} ORDER BY {ROW}) = 1"
    )
    # Hashes are small and spill well; the few rows that share one are then compared.
    shared = f"SELECT hash({columns}) FROM staged WHERE {known} GROUP BY ALL HAVING count(*) > 1"
    return (
        f"SELECT {ROW} FROM (SELECT {ROW}, count(*) {same} AS copies,"
        f" {alike if keep_first else 'false'} AS kept"
        f" FROM staged WHERE {known} AND hash({columns}) IN ({shared}))"
        " WHERE copies > 1 AND NOT kept"
    )
