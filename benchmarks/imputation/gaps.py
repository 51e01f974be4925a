"""Harbour's circumstances with gaps whose true values are known, beside what else was seen.

A row is a customer at a snapshot: the *latest record* of the customer's circumstances before
it, with the values that were left out of that record, and the features of that day. (The
catalogue's own feature takes the latest known value, so that an older record fills most of
these gaps before any imputer is asked; a bank without older records has them all.)
"""

from pathlib import Path

import pandas as pd

from limner.artifacts import BankPaths
from limner.intake.identity.files import read_map
from limner.intake.privacy.bank_keys import keys_of
from limner.intake.privacy.pseudonyms import pseudonym
from limner.settings import load_settings
from limner.snapshots.draw import random_samples
from limner.snapshots.windows import SnapshotSamples

BANK = "harbour"
# Columns of a record of circumstances, by the name of the feature that shows them.
RECORDED = {
    "declared_income": "income_minor",
    "education": "education",
    "residence": "residence",
    "marital_status": "marital_status",
    "employment": "employment",
    "dependents": "dependents",
}
GAPS = ("declared_income", "education", "residence")
# Worked out from declared income: it would tell what was left out.
TELLTALES = ("income_to_declared",)
_NOT_FEATURES = ("customer_id", "snapshot_date")
_CONSENT = "allows_"


def read_gaps(root: Path, snapshots: tuple[str, ...]) -> pd.DataFrame:
    """Read rows of all snapshots; a record is looked at once.

    Returns:
        ``customer_id``, ``snapshot_date``, ``sample``; the features; ``true_<column>`` and
        ``gap_<column>`` (the mechanism, or None where the value was recorded) of each gap.
    """
    paths = BankPaths(root / BankPaths.of(BANK).folder)
    facts = _facts(paths)
    rows = pd.concat([_rows_at(paths, facts, day) for day in snapshots], ignore_index=True)
    rows = rows.drop_duplicates(["customer_id", "recorded_at"]).reset_index(drop=True)
    settings = load_settings()
    shares = SnapshotSamples(
        shares=settings.samples, out_of_time_from=None, purge_overlap=False, seed=settings.seed
    )
    rows["sample"] = random_samples(rows["customer_id"].to_numpy(object), shares)
    return rows


def outcomes(root: Path, rows: pd.DataFrame) -> pd.DataFrame:
    """Read what came of the customers: one row a row of ``rows``, missing where not asked."""
    paths = BankPaths(root / BankPaths.of(BANK).folder)
    monthly = pd.read_parquet(paths.truth / "monthly.parquet")
    monthly["customer_id"] = monthly["customer_id"].map(_customers(paths))
    monthly["snapshot_date"] = monthly["snapshot_date"].astype("datetime64[ns]")
    monthly = monthly.drop_duplicates(["customer_id", "snapshot_date"])
    return rows[["customer_id", "snapshot_date"]].merge(
        monthly, how="left", on=["customer_id", "snapshot_date"]
    )


def _customers(paths: BankPaths) -> dict[str, str]:
    """Find the customer whom intake made of each core record."""
    settings = load_settings()
    key = keys_of(BANK, settings.bank(BANK), settings.privacy, settings.seed).pseudonym
    persons = pd.read_parquet(paths.truth / "persons.parquet", columns=["customer_id"])
    found = read_map(paths.identity).set_index("record_id")["customer_id"].to_dict()
    named = {record: pseudonym(record, "customer", key) for record in persons["customer_id"]}
    return {record: found[name] for record, name in named.items() if name in found}


def _facts(paths: BankPaths) -> pd.DataFrame:
    parts = sorted((paths.trusted / "customer_facts").glob("*.parquet"))
    facts = pd.concat([pd.read_parquet(part) for part in parts], ignore_index=True)
    missing = pd.read_parquet(paths.truth / "missing.parquet")
    missing = missing[missing["table"] == "customer_facts"]
    missing["customer_id"] = missing["customer_id"].map(_customers(paths))
    missing["recorded_at"] = pd.to_datetime(missing["recorded_at"])
    facts["recorded_at"] = facts["recorded_at"].astype("datetime64[ns]")
    for name in GAPS:
        column = RECORDED[name]
        left_out = missing[missing["column"] == column].drop_duplicates(
            ["customer_id", "recorded_at"]
        )[["customer_id", "recorded_at", "mechanism", "true_value"]]
        left_out.columns = ["customer_id", "recorded_at", f"gap_{name}", f"true_{name}"]
        facts = facts.merge(left_out, how="left", on=["customer_id", "recorded_at"])
        known = facts[column].astype(object).where(facts[column].notna())
        # What is missing and not in the truth was broken on purpose: nobody knows it.
        facts[f"true_{name}"] = facts[f"true_{name}"].where(facts[column].isna(), known)
    return facts


def _rows_at(paths: BankPaths, facts: pd.DataFrame, day: str) -> pd.DataFrame:
    features = pd.read_parquet(paths.features / f"{day}.parquet").drop(columns=list(TELLTALES))
    before = facts[facts["recorded_at"] < pd.Timestamp(day)].sort_values("recorded_at")
    latest = before.groupby("customer_id").tail(1)
    rows = features.drop(columns=list(RECORDED)).merge(latest, on="customer_id")
    rows = rows.rename(columns={column: name for name, column in RECORDED.items()})
    rows["snapshot_date"] = pd.Timestamp(day)
    return rows


def predictors(rows: pd.DataFrame) -> list[str]:
    """Name the features: what a model may know of a row."""
    own = ("recorded_at", "sample", *_NOT_FEATURES)
    return [c for c in rows if c not in own and not c.startswith(("gap_", "true_", _CONSENT))]
