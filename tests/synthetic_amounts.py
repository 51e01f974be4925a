"""Made-up customers of a bank at one snapshot, and what each earned the bank after it."""

import numpy as np
import pandas as pd

from limner.features import find_catalogue
from limner.models import find_spec


def margin_rows(n: int, seed: int) -> pd.DataFrame:
    """Make features of the model ``lifetime_value``, some of them missing, and amounts.

    Amounts follow two features, are skewed, and some are below 0; their spread grows with them.
    Each customer stands in one row.
    """
    draw = np.random.default_rng(seed)
    spec, contract = find_spec("lifetime_value"), find_catalogue("harbour").contract
    made: dict[str, object] = {"customer_id": [f"c{number}" for number in range(n)]}
    for name in spec.feature_names:
        column = contract.column(name)
        if column.allowed:
            values = draw.choice(column.allowed, n).astype(object)
        else:
            values = draw.exponential(10, n).round(2)
        if not column.required:
            values[draw.random(n) < 0.1] = None if column.allowed else np.nan
        made[name] = values
    rows = pd.DataFrame(made)
    numbers = [c for c in rows.select_dtypes("float") if rows[c].notna().all()]
    mean = 500 * rows[numbers[0]] + 400 * rows[numbers[1]] - 3000
    amounts = mean + draw.standard_normal(n) * (500 + 0.2 * mean.abs())
    whole = amounts.round().astype(np.int64)
    before = (amounts / 2 + 300 * draw.standard_normal(n)).round().astype(np.int64)
    outcomes = {spec.outcome.column: whole, "customer_margin_before_minor": before}
    return pd.concat([rows, pd.DataFrame(outcomes)], axis=1)
