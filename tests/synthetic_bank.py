"""Made-up customers of a bank at one snapshot, and which products they took after it."""

import numpy as np
import pandas as pd

from limner.features import find_catalogue
from limner.models import find_spec
from limner.outcomes.products import PRODUCTS

# Nobody takes these, as at a bank that does not sell them.
NEVER_TAKEN = ("current", "mortgage")


def next_product_rows(n: int, seed: int) -> pd.DataFrame:
    """Make features of the model ``next_product``, some of them missing, and its outcomes.

    Each product follows two features of its own, is held by a third of the customers and
    taken by about one in six of those who lack it; one in forty of those who hold it takes
    a second one.
    """
    draw = np.random.default_rng(seed)
    spec, contract = find_spec("next_product"), find_catalogue("harbour").contract
    rows = pd.DataFrame({"customer_id": [f"c{number}" for number in range(n)]})
    made = {}
    for name in spec.feature_names:
        column = contract.column(name)
        if column.allowed:
            values = draw.choice(column.allowed, n).astype(object)
        else:
            values = draw.exponential(10, n).round(2)
        if not column.required:
            values[draw.random(n) < 0.1] = None if column.allowed else np.nan
        made[name] = values
    for product in PRODUCTS:
        if product.held_by is not None:
            made[product.held_by] = (draw.random(n) < 1 / 3).astype(float)
    rows = pd.concat([rows, pd.DataFrame(made)], axis=1)
    taken = {p.column: _taken(draw, p.kind, p.held_by, place, rows)
             for place, p in enumerate(PRODUCTS)}  # fmt: skip
    anything = np.stack(list(taken.values())).max(axis=0)
    return pd.concat([rows, pd.DataFrame(taken | {spec.outcome.column: anything})], axis=1)


def _taken(
    draw: np.random.Generator, kind: str, held_by: str | None, place: int, rows: pd.DataFrame
) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    if kind in NEVER_TAKEN or held_by is None:
        return np.zeros(len(rows), dtype=np.int64)
    held = {product.held_by for product in PRODUCTS}
    numbers = [c for c in rows.select_dtypes("float") if c not in held and rows[c].notna().all()]
    first, second = (rows[numbers[2 * place + i]] for i in (0, 1))
    log_odds = -2.6 + 0.12 * first - 0.06 * second
    holds = rows[held_by].fillna(0) > 0 if held_by in rows else pd.Series(False, index=rows.index)
    chance = np.where(holds, 1 / 40, 1 / (1 + np.exp(-log_odds)))
    return (draw.random(len(rows)) < chance).astype(np.int64)
