"""The quality report of a bank's intake: what share of each table is as promised, and the trend.

Five dimensions a table: completeness, uniqueness, validity, freshness, referential integrity.
Shares are of the table's rows as they came in, trusted or not. Beside them: how records became
customers, and what those customers decided on the use of their data.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from limner.contract import Contract
from limner.intake.bank_intake import BankIntake, TableIntake
from limner.intake.checks import reference_name
from limner.intake.identity.settings import IdentitySettings
from limner.intake.privacy.consent import ConsentCount

FORMAT = 1
_DECIMALS = 9
_IDENTITY = (
    "records", "customers", "pairs merged", "pairs review", "pairs apart", "pairs decided same",
    "pairs decided different", "records exact", "records probabilistic", "records decided",
    "records alone", "stale decisions",
)  # fmt: skip
_CONSENTS = ("given", "withdrawn", "undecided")


def quality_report(
    intake: BankIntake, previous: Mapping[str, Any] | None = None, *,
    identity: Mapping[str, Any] | None = None, consent: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Work out the report's figures, ready for JSON.

    Args:
        identity: of :func:`identity_section`; None where records were not linked.
        consent: of :func:`consent_section`; None where the bank records no consent.
        previous: the report of an earlier intake. One of the same day is this intake run
            again: its own ``previous`` then stands, so that running again changes nothing.

    Returns:
        ``tables`` by name, ``left_out`` with reasons, ``not_applied`` rules, and under
        ``previous`` the earlier day with its :func:`figures`, or None.
    """
    return {
        "format": FORMAT,
        "bank": intake.bank,
        "day": intake.day.isoformat(),
        "tables": {taken.table: _table(taken, intake) for taken in intake.tables},
        "customers_without_account": intake.customers_without_account,
        "identity": dict(identity) if identity else None,
        "consent": dict(consent) if consent else None,
        "left_out": dict(intake.left_out),
        "not_applied": list(intake.not_applied),
        "previous": _previous(intake, previous),
    }


def identity_section(counts: Mapping[str, int], settings: IdentitySettings) -> dict[str, Any]:
    """Add to an identity's counts the match probabilities by which it was decided."""
    # None of a kind is a count too: the next intake is compared with it.
    return {
        **dict.fromkeys(_IDENTITY, 0), **counts,
        "accept": settings.accept, "review_from": settings.review_from,
    }  # fmt: skip


def consent_section(counts: Iterable[ConsentCount], customers: int) -> dict[str, Any]:
    """Count customers by purpose: who gave it, who withdrew it, who never decided."""
    return {
        count.purpose.value: {
            "given": count.given,
            "withdrawn": count.withdrawn,
            "undecided": customers - count.given - count.withdrawn,
        }
        for count in counts
    }


def figures(report: Mapping[str, Any]) -> dict[str, float]:
    """List every figure that has a trend, as ``table.dimension`` or ``table.dimension.column``."""
    found: dict[str, float] = {}
    for name, table in report["tables"].items():
        found[f"{name}.rows_in"] = table["rows_in"]
        found[f"{name}.validity"] = table["validity"]["share"]
        if table["uniqueness"]:
            found[f"{name}.uniqueness"] = table["uniqueness"]["share"]
        if table["freshness"] and table["freshness"]["days_behind"] is not None:
            found[f"{name}.freshness"] = table["freshness"]["days_behind"]
        for column, share in table["completeness"].items():
            found[f"{name}.completeness.{column}"] = share
        for reference in table["integrity"]:
            found[f"{name}.integrity.{reference['column']}"] = reference["share"]
    return found | _people(report)


def changes(report: Mapping[str, Any]) -> dict[str, float]:
    """How much each figure has changed since the previous intake; absent where it had none."""
    before = (report["previous"] or {}).get("figures", {})
    return {
        name: round(value - before[name], _DECIMALS)
        for name, value in figures(report).items()
        if name in before
    }


def _people(report: Mapping[str, Any]) -> dict[str, float]:
    """List the figures about customers, as ``identity.count`` and ``consent.purpose.decision``."""
    # Reports of an earlier version lack one or both.
    identity, consent = report.get("identity") or {}, report.get("consent") or {}
    found = {f"identity.{name}": count for name, count in identity.items()}
    if identity:
        found["identity.merged away"] = identity["records"] - identity["customers"]
    for purpose, counts in consent.items():
        found |= {f"consent.{purpose}.{decision}": counts[decision] for decision in _CONSENTS}
    return found


def _previous(intake: BankIntake, previous: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not previous or previous.get("format") != FORMAT or previous.get("bank") != intake.bank:
        return None
    if previous["day"] == intake.day.isoformat():
        kept: dict[str, Any] | None = previous["previous"]
        return kept
    return {"day": previous["day"], "figures": figures(previous)}


def _table(taken: TableIntake, intake: BankIntake) -> dict[str, Any]:
    contract, parts = taken.contract, taken.parts
    return {
        "owner": contract.owner,
        "rows_in": parts.rows_in,
        "rows_trusted": parts.rows_trusted,
        "rows_quarantined": parts.rows_quarantined,
        "limit": taken.limit,
        "completeness": {name: _share(n, parts.rows_in) for name, n in taken.known.items()},
        "uniqueness": _uniqueness(taken, contract),
        "validity": {
            "share": _share(parts.rows_trusted, parts.rows_in),
            "rules": [
                {"column": b.column, "rule": b.rule, "rows": b.rows,
                 "share": _share(b.rows, parts.rows_in, of_none=0.0)}
                for b in parts.breaches
            ],
        },
        "freshness": _freshness(taken, intake, contract),
        "integrity": [
            _integrity(taken, contract, column, table)
            for column, table in sorted(taken.references.items())
        ],
    }  # fmt: skip


def _uniqueness(taken: TableIntake, contract: Contract) -> dict[str, Any] | None:
    if not contract.key:
        return None
    key = " + ".join(contract.key)
    copies = sum(b.rows for b in taken.parts.breaches if b.column == key and "unique" in b.rule)
    rows = taken.parts.rows_in
    return {"key": list(contract.key), "copies": copies, "share": _share(rows - copies, rows)}


def _freshness(taken: TableIntake, intake: BankIntake, contract: Contract) -> dict[str, Any] | None:
    if not contract.known_at or contract.looks_ahead:
        return None
    behind = (intake.day - taken.latest).days if taken.latest else None
    promised = contract.fresh_days
    return {
        "latest": taken.latest.isoformat() if taken.latest else None,
        "days_behind": behind,
        "promised_days": promised,
        "kept": None if promised is None else behind is not None and behind <= promised,
    }


def _integrity(taken: TableIntake, contract: Contract, column: str, table: str) -> dict[str, Any]:
    reference = contract.column(column).references
    name = reference_name(reference) if reference else ""
    dangling = sum(b.rows for b in taken.parts.breaches if (b.column, b.rule) == (column, name))
    known = taken.known[column]
    return {
        "column": column, "table": table, "known": known, "dangling": dangling,
        "share": _share(known - dangling, known),
    }  # fmt: skip


def _share(part: int, whole: int, of_none: float = 1.0) -> float:
    """Share of rows; nothing is wrong with a table that has none."""
    return round(part / whole, _DECIMALS) if whole else of_none
