"""The same compiled SQL on Spark: translated by sqlglot, equal to DuckDB within 1e-9."""

import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

from limner.domain import Purpose
from limner.errors import SparkMissing, SumInexact
from limner.features.relational.compiler import POPULATION, CompiledSnapshot, Step, consent_counts
from limner.features.relational.known import no_rows, raw_name
from limner.features.relational.on_duckdb import Customers
from limner.features.relational.options import FeatureOptions
from limner.features.relational.parts import Parts
from limner.features.relational.terms import LARGEST_EXACT_SUM

_CONFIGURATION = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # Trusted timestamps have no time zone; any shift would move facts over a snapshot date.
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.shuffle.partitions": "4",
    # Summaries are too wide for one generated method: Spark would write, fail and fall back.
    "spark.sql.codegen.wholeStage": "false",
}


def translate(sql: str) -> str:
    """Translate the compiler's SQL to Spark's.

    >>> translate("SELECT DATE_DIFF('day', a, b) AS age FROM t")
    'SELECT DATEDIFF(DAY, a, b) AS age FROM t'
    """
    import sqlglot

    statement = sqlglot.parse_one(sql, read="duckdb")
    for type_ in statement.find_all(sqlglot.exp.DataType):
        if type_.is_type("INT128"):
            # Spark's widest whole number.
            type_.replace(sqlglot.exp.DataType.build("DECIMAL(38, 0)", dialect="spark"))
    for function in statement.find_all(sqlglot.exp.Anonymous):
        if function.name.upper() == "HASH":
            # Spark's own HASH has 32 bits: too few to tell a bank's counterparties apart.
            function.set("this", "XXHASH64")
    return str(statement.sql("spark", unsupported_level=sqlglot.ErrorLevel.RAISE))


@lru_cache(maxsize=1)
def open_session(threads: int) -> Any:
    """Start Spark in this process, once; it listens on this machine only.

    Raises:
        SparkMissing: there is no pyspark, or no Java.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise SparkMissing("there is no Java")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise SparkMissing("pyspark is not installed") from None
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    builder = SparkSession.builder.appName("limner").master(f"local[{threads}]")
    for key, value in _CONFIGURATION.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def run_on_spark(
    compiled: CompiledSnapshot, parts: Parts, file: Path, options: FeatureOptions
) -> Customers:
    """Compute a snapshot and write it as one Parquet file, ordered by customer.

    Raises:
        SparkMissing: Spark cannot start here.
        SumInexact: a sum is too large to be exact.
    """
    session = open_session(options.threads)
    for table, files in parts.items():
        rows = (
            session.read.parquet(*(str(f.absolute()) for f in files))
            if files
            else session.sql(translate(no_rows(table)))
        )
        rows.createOrReplaceTempView(raw_name(table))
    steps = [_create(session, step) for step in compiled.steps]
    try:
        _write_one_file(session.sql(translate(compiled.final)), file)
        onboarded, *withheld = session.sql(translate(consent_counts())).collect()[0]
        included = session.table(POPULATION).count()
    finally:
        for step in steps:
            step.unpersist()
    return Customers(onboarded, included, dict(zip(Purpose, withheld, strict=True)))


def _create(session: Any, step: Step) -> Any:
    relation = session.sql(translate(step.sql)).cache()
    relation.createOrReplaceTempView(step.name)
    if step.sums:
        largest = ", ".join(f"MAX(ABS({name}))" for name in step.sums)
        row = session.sql(f"SELECT {largest} FROM {step.name}").collect()[0]
        for name, value in zip(step.sums, row, strict=True):
            if value is not None and value >= LARGEST_EXACT_SUM:
                raise SumInexact(step.name, name, LARGEST_EXACT_SUM)
    return relation


def _write_one_file(rows: Any, file: Path) -> None:
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".spark.") as folder:
        written = Path(folder) / "rows"
        one = rows.repartition(1).sortWithinPartitions("customer_id")
        one.write.parquet(str(written.absolute()), compression="zstd")
        (part,) = written.glob("part-*.parquet")
        part.replace(file)
