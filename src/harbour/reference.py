"""Regions and products of the bank, and the codes in which its systems speak."""

from typing import NamedTuple

import numpy as np

from harbour.arrays import Floats, Texts


class Region(NamedTuple):
    """Facts of one region, as the statistical office gives them."""

    code: str
    name: str
    inhabitants: int
    urban_share: float
    salary: float
    unemployment: float
    crimes: float


REGIONS = (
    Region("R01", "Harbour City", 1_420_000, 0.98, 3650.0, 0.041, 61.2),
    Region("R02", "North Quays", 612_000, 0.91, 3210.0, 0.052, 48.7),
    Region("R03", "Westmoor", 388_000, 0.52, 2740.0, 0.058, 27.4),
    Region("R04", "Saltmarsh", 241_000, 0.34, 2460.0, 0.083, 25.1),
    Region("R05", "Highfell", 176_000, 0.22, 2380.0, 0.071, 14.9),
    Region("R06", "Lakeside", 453_000, 0.61, 2980.0, 0.046, 22.8),
    Region("R07", "Ostbrücke", 527_000, 0.78, 2820.0, 0.064, 39.5),
    Region("R08", "Southport", 698_000, 0.88, 3050.0, 0.060, 52.3),
    Region("R09", "Ironvale", 334_000, 0.69, 2510.0, 0.097, 44.0),
    Region("R10", "Orchard Plain", 268_000, 0.29, 2540.0, 0.049, 12.6),
    Region("R11", "Jade Bay", 581_000, 0.86, 3340.0, 0.044, 33.9),
    Region("R12", "Far Islands", 94_000, 0.18, 2290.0, 0.089, 10.2),
)


class Product(NamedTuple):
    """One row of the product catalogue."""

    code: str
    group: str
    name: str


PRODUCT_CATALOGUE = (
    Product("CUR01", "CUR", "Everyday Account"),
    Product("CUR02", "CUR", "Campus Account"),
    Product("SAV01", "SAV", "Anchor Savings"),
    Product("TDP12", "TDP", "Twelve Month Deposit"),
    Product("INV01", "INV", "Harbour Fund Plan"),
    Product("INS01", "INS", "Home and Contents Cover"),
    Product("CRD01", "CRD", "Harbour Card"),
    # Sold instead of the Harbour Card from the day of the drift on.
    Product("CRD02", "CRD", "Harbour One Card"),
    Product("LON01", "LON", "Personal Loan"),
    Product("MTG01", "MTG", "Home Mortgage"),
)

# Codes of core banking for how a movement was made and what it was for.
CHANNEL = {
    "atm": 1, "branch": 2, "card": 3, "direct_debit": 4, "online": 5, "standing_order": 6,
    "system": 7, "transfer": 8,
}  # fmt: skip
CATEGORY = {
    "other": 10, "salary": 100, "pension": 110, "housing": 200, "loan": 300, "savings": 310,
    "fees": 400, "interest": 410, "penalty": 420, "transport": 4111, "travel": 4511,
    "utilities": 4900, "shopping": 5311, "groceries": 5411, "restaurants": 5812, "cash": 6011,
    "insurance": 6300, "leisure": 7832, "gambling": 7995, "health": 8011,
}  # fmt: skip


def region_codes() -> Texts:
    """Codes of the regions, in the order of region numbers."""
    return np.array([region.code for region in REGIONS])


def region_shares() -> Floats:
    """Share of the customers that lives in each region: by inhabitants."""
    inhabitants = np.array([region.inhabitants for region in REGIONS], dtype=np.float64)
    return np.asarray(inhabitants / inhabitants.sum())


def region_pay() -> Floats:
    """Salary of each region over the mean of all customers."""
    salary = np.array([region.salary for region in REGIONS])
    return np.asarray(salary / (salary * region_shares()).sum())
