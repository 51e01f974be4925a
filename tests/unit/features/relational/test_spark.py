"""Spark answers as DuckDB does."""

import datetime as dt
import importlib.util
import math
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest

from feature_bank import SNAPSHOT, make_bank, write_bank, write_part
from limner.errors import SparkMissing, SumInexact
from limner.features.relational import spark
from limner.features.relational.catalogue import FEATURES
from limner.features.relational.options import FeatureOptions
from limner.features.relational.snapshot import compute_snapshots, snapshot_file

needs_spark = pytest.mark.skipif(
    shutil.which("java") is None or importlib.util.find_spec("pyspark") is None,
    reason="Spark needs Java 17 and the extra 'spark'",
)


@pytest.fixture(scope="session")
def session() -> Iterator[Any]:
    """Spark starts once; small data is faster without generated code."""
    started = spark.open_session(2)
    started.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
    yield started
    started.stop()
    spark.open_session.cache_clear()


@needs_spark
def test_every_feature_is_the_same_on_spark(session: Any, tmp_path: Path) -> None:
    trusted = write_bank(make_bank(Random(11), 80), tmp_path / "trusted")
    tables = {}
    for engine in ("duckdb", "spark"):
        options = FeatureOptions(engine=engine)
        (report,) = compute_snapshots(trusted, [SNAPSHOT], tmp_path / engine, options)
        assert report.computed
        tables[engine] = pq.read_table(snapshot_file(tmp_path / engine, SNAPSHOT))
        assert not list((tmp_path / engine).glob(".*"))
    ours, theirs = tables["duckdb"], tables["spark"]
    assert ours.column_names == theirs.column_names
    assert ours.schema.types == theirs.schema.types
    different = [
        name
        for name in ours.column_names
        if not _equal(ours.column(name).to_pylist(), theirs.column(name).to_pylist())
    ]
    assert different == [] and ours.num_rows > 60


def _equal(ours: list[Any], theirs: list[Any]) -> bool:
    for a, b in zip(ours, theirs, strict=True):
        if isinstance(a, float) and isinstance(b, float):
            if not math.isclose(a, b, rel_tol=1e-9, abs_tol=0):
                return False
        elif a != b:
            return False
    return True


@needs_spark
def test_spark_knows_an_empty_table_and_refuses_what_is_not_exact(
    session: Any, tmp_path: Path
) -> None:
    bank = make_bank(Random(11), 5)
    few = {name: bank[name] for name in ("customers", "transactions")}
    trusted = write_bank(few, tmp_path / "trusted")
    few_features = [f for f in FEATURES if f.name in ("debit_sum_90d", "tenure_days")]
    early = dt.date(2019, 1, 1)
    options = FeatureOptions(engine="spark")
    compute_snapshots(trusted, [early], tmp_path / "f", options, few_features)
    assert snapshot_file(tmp_path / "f", early).is_file()

    huge = {**bank["transactions"][0], "amount_minor": 2**54, "direction": "debit",
            "booked_at": dt.datetime(2024, 6, 1)}  # fmt: skip
    write_part("transactions", [huge], trusted / "transactions" / "2024-06.parquet")
    with pytest.raises(SumInexact):
        compute_snapshots(trusted, [SNAPSHOT], tmp_path / "f", options, few_features)


def test_refuses_to_start_without_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(SparkMissing, match="there is no Java: install Java 17"):
        spark.open_session.__wrapped__(2)


def test_translates_wide_whole_numbers_and_times() -> None:
    found = spark.translate("SELECT CAST(a AS HUGEINT) * b, CAST('2024-01-01' AS TIMESTAMP)")
    assert "DECIMAL(38, 0)" in found and "TIMESTAMP_NTZ" in found
