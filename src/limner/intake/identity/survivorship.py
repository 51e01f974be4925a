"""One row a customer out of its records: which field survives of which record."""

from typing import Any

import pandas as pd

from limner.intake.identity.linkage import order_of_records
from limner.portfolios.canonical import canonical_table


def surviving_customers(
    records: pd.DataFrame,
    map: pd.DataFrame,
    master_system: str,
) -> pd.DataFrame:
    """Make one row a customer: the master system's fields first, then the latest record's.

    A field that the first record leaves empty is taken from the next that has it. An
    address is taken whole (street, postcode and region of one record), never patched.
    ``onboarded_on`` is the earliest of all records, ``system`` the first record's.

    Args:
        records: the canonical ``customers``, one row a record.
        map: ``Identity.map`` of the same records.

    Returns:
        The canonical columns, in order of the customers' first records.
    """
    names = list(canonical_table("customers").names)
    ordered = order_of_records(records[names], master_system)
    customer = map.set_index("record_id")["customer_id"]
    owner = customer.reindex(ordered["customer_id"].astype(str)).to_numpy()
    if pd.isna(owner).any():
        raise ValueError("the map lacks records: link these records again")
    known = ordered.assign(customer_id=owner)
    texts = known.select_dtypes(exclude=["datetime"]).columns
    known[texts] = known[texts].where(known[texts].map(_says_something), None)
    order_of_customers = known["customer_id"].drop_duplicates()
    ranked = known.assign(
        follows=(known["system"] != master_system).to_numpy(),
        onboarded=pd.to_datetime(known["onboarded_on"]),
    ).sort_values(["follows", "onboarded"], ascending=[True, False], kind="stable")
    by_customer = _whole_addresses(ranked).groupby("customer_id", sort=False)
    survivors = by_customer.first()
    survivors["onboarded_on"] = by_customer["onboarded_on"].min()
    return survivors.loc[order_of_customers].reset_index()[names]


_ADDRESS = ["address", "postcode", "region_id"]


def _whole_addresses(ranked: pd.DataFrame) -> pd.DataFrame:
    """Keep the first known address of each customer, and of other records none."""
    known = ranked["address"].notna() | ranked["postcode"].notna()
    first = known & ~ranked["customer_id"].where(known).duplicated()
    has_one = ranked["customer_id"].isin(ranked.loc[known, "customer_id"])
    whole = ranked.copy()
    whole.loc[has_one & ~first, _ADDRESS] = None
    return whole


def _says_something(value: Any) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    return not pd.isna(value)
