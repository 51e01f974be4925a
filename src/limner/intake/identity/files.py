"""The files of an identity: the map, the scored pairs, and the band that a person reads."""

from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from limner.artifacts import replacing_folder, require, write_json
from limner.intake.identity.linkage import Identity

MAP, PAIRS, REVIEW, COUNTS = "map.parquet", "pairs.parquet", "review.csv", "identity.json"


def write_identity(identity: Identity, folder: Path) -> None:
    """Write an identity whole or not at all; none of its files holds a value of any field."""
    with replacing_folder(folder) as temporary:
        _write(identity.map, temporary / MAP)
        _write(identity.pairs, temporary / PAIRS)
        identity.review.to_csv(temporary / REVIEW, index=False, lineterminator="\n")
        write_json(temporary / COUNTS, identity.counts)


def read_map(folder: Path) -> pd.DataFrame:
    """Read the map of records to customers.

    Raises:
        ArtifactMissing: no identity was written there.
    """
    return _read(require(folder / MAP))


def read_pairs(folder: Path) -> pd.DataFrame:
    """Read all scored and decided pairs.

    Raises:
        ArtifactMissing: no identity was written there.
    """
    return _read(require(folder / PAIRS))


def _read(file: Path) -> pd.DataFrame:
    frame: pd.DataFrame = parquet.read_table(file).to_pandas()
    return frame


def _write(frame: pd.DataFrame, file: Path) -> None:
    numbers = ("probability", "match_probability")
    # A column without any value is still text.
    schema = pa.schema(
        [(name, pa.float64() if name in numbers else pa.string()) for name in frame.columns]
    )
    table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
    parquet.write_table(table.replace_schema_metadata(None), file, compression="zstd")
