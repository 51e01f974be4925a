"""Snapshots as models read them: by purpose, without those who withheld it."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from limner.artifacts import read_json, require
from limner.domain import Purpose
from limner.errors import FeatureForbidden
from limner.features.relational.catalogue import find_feature
from limner.features.relational.consent import allows
from limner.features.relational.snapshot import snapshot_file

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("customer_id", "snapshot_date")


def read_snapshot(
    target: Path, date: dt.date, purpose: Purpose, features: tuple[str, ...] | None = None,
    model: str = "(any)",
) -> "pd.DataFrame":  # fmt: skip
    """Read the customers and features that may be used for a purpose.

    Args:
        features: those wanted; None for all that the purpose permits.
        model: named in an error.

    Returns:
        ``customer_id``, ``snapshot_date`` and the features, in order of customers; a
        customer who withheld the purpose has no row.

    Raises:
        ArtifactMissing: the snapshot has not been computed.
        UnknownName: the catalogue has no such feature.
        FeatureForbidden: a feature is not permitted for the purpose, or left out.
    """
    import pyarrow.parquet as pq

    file = require(snapshot_file(target, date))
    report = read_json(file.with_suffix(".json"))
    permitted = [n for n in report["features"] if purpose in find_feature(n).purposes]
    absent = {item["feature"]: item["reason"] for item in report["left_out"]}
    for name in features or ():
        if purpose not in find_feature(name).purposes:
            raise FeatureForbidden(model, name, f"it is not permitted for {purpose.value}")
        if name not in permitted:
            raise FeatureForbidden(model, name, f"left out: {absent.get(name, 'not computed')}")
    columns = [*KEYS, *(features or permitted)]
    table = pq.read_table(file, columns=[*columns, allows(purpose)])
    rows: pd.DataFrame = table.filter(table.column(allows(purpose))).select(columns).to_pandas()
    return rows
