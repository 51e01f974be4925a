"""One compiled snapshot on DuckDB."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from limner.domain import Purpose
from limner.engine import Connection, connect, count, read_parquet, write_parquet
from limner.errors import SumInexact
from limner.features.relational.compiler import POPULATION, CompiledSnapshot, Step, consent_counts
from limner.features.relational.known import no_rows, raw_name
from limner.features.relational.options import FeatureOptions
from limner.features.relational.parts import Parts
from limner.features.relational.terms import LARGEST_EXACT_SUM


@dataclass(frozen=True)
class Customers:
    """How many customers a snapshot has, and how many each purpose leaves out."""

    onboarded: int
    included: int
    withheld: dict[Purpose, int]


def run_on_duckdb(
    compiled: CompiledSnapshot, parts: Parts, file: Path, options: FeatureOptions
) -> Customers:
    """Compute a snapshot and write it as Parquet, ordered by customer.

    Raises:
        SumInexact: a sum is too large to be exact.
    """
    with (
        tempfile.TemporaryDirectory(dir=file.parent, prefix=".spill.") as scratch,
        connect(options.threads, options.memory_limit, Path(scratch)) as connection,
    ):
        for table, files in parts.items():
            rows = f"SELECT * FROM {read_parquet(files)}" if files else no_rows(table)
            connection.execute(f"CREATE VIEW {raw_name(table)} AS {rows}")
        for step in compiled.steps:
            people = count(connection, POPULATION) if step.width else 0
            connection.execute(f"SET threads = {threads_for(step.width, people, options)}")
            connection.execute(f"CREATE TEMP TABLE {step.name} AS {step.sql}")
            _refuse_inexact_sums(connection, step)
        # One thread writes the same bytes every time; what it writes does not depend on how
        # many threads computed it.
        connection.execute("SET threads = 1")
        write_parquet(connection, f"{compiled.final} ORDER BY customer_id", file)
        onboarded, *withheld = connection.execute(consent_counts()).fetchall()[0]
        included = count(connection, POPULATION)
    return Customers(onboarded, included, dict(zip(Purpose, withheld, strict=True)))


def threads_for(width: int, customers: int, options: FeatureOptions) -> int:
    """Choose how many threads may summarise at once.

    Each thread keeps a row for every customer. Where that of all threads would take more
    than a third of the memory limit, DuckDB spills again and again: fewer threads are faster.

    >>> threads_for(60, 200_000, FeatureOptions(threads=2, memory_limit="1GB"))
    1
    """
    if options.memory_limit is None or not width or not customers:
        return options.threads
    # Measured: 16 bytes a value and 100 for keys, at one and a half accounts a customer.
    one_thread = customers * 1.5 * (16 * width + 100)
    return max(1, min(options.threads, int(options.memory_bytes / 3 / one_thread)))


def _refuse_inexact_sums(connection: Connection, step: Step) -> None:
    if not step.sums:
        return
    largest = ", ".join(f"MAX(ABS({name}))" for name in step.sums)
    row = connection.execute(f"SELECT {largest} FROM {step.name}").fetchall()[0]
    for name, value in zip(step.sums, row, strict=True):
        if value is not None and value >= LARGEST_EXACT_SUM:
            raise SumInexact(step.name, name, LARGEST_EXACT_SUM)
