"""Time one snapshot of features: the compiled catalogue, DuckDB by hand, pandas.

    uv run python benchmarks/features/snapshot.py                            # 20 million, 5 minutes
    uv run python benchmarks/features/snapshot.py --large 100_000_000        # and 100 million
    uv run python benchmarks/features/snapshot.py --transactions 2_000_000 --customers 20_000

Data are synthesised in a temporary folder (--scratch). Every run is a process of its own, the
contenders in turn, so that a machine that slows down slows all; medians are printed with
ratios to hold against the bars. The compiled run is all that the pipeline does: find the
parts, hash them, compute, write, report. What the three computed is compared.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from synthesise import SNAPSHOT

HERE = Path(__file__).resolve().parent
BARS = {
    "compiled / hand-written": 1.3,
    "pandas / compiled": 3.0,
    "compiled, peak GB": 1.2,
    "large / small, both in 1 GB": 5.5,
    "a further month / one snapshot": 1.3,
}
AT_LEAST = {"pandas / compiled"}


class Run(NamedTuple):
    """Wall and processor seconds, and peak memory in GB, of one process."""

    seconds: float
    cpu: float
    peak: float


def main() -> None:
    options = read_arguments()
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        folder = Path(scratch)
        trusted = folder / "trusted"
        started = time.perf_counter()
        made(trusted, options.transactions, options.customers)
        print(f"{options.transactions:,} transactions of {options.customers:,} customers"
              f" synthesised in {time.perf_counter() - started:.0f} s; load"
              f" {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)  # fmt: skip
        runs: dict[str, list[Run]] = {name: [] for name in CONTENDERS}
        for number in range(options.rounds):
            for name, contender in CONTENDERS.items():
                if name == "pandas" and options.no_pandas:
                    continue
                runs[name].append(contender(trusted, folder))
                print(f"round {number + 1}: {name} {told(runs[name][-1])}", flush=True)
        arguments = ["-c", _COMPARE, str(folder), "" if options.no_pandas else "pandas"]
        timed(arguments)
        measured = ratios(runs)
        measured["a further month / one snapshot"] = further_month(trusted, folder)
        if options.large:
            measured["large / small, both in 1 GB"] = large(options, trusted, folder)
    for name, value in measured.items():
        met = value >= BARS[name] if name in AT_LEAST else value <= BARS[name]
        bar = f"bar {'>=' if name in AT_LEAST else '<='} {BARS[name]:g}"
        print(f"{name}: {value:.2f}  ({bar}, {'met' if met else 'MISSED'})")
    print(f"load at the end {os.getloadavg()[0]:.1f}")


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--transactions", type=int, default=20_000_000)
    parser.add_argument("--customers", type=int, default=200_000)
    parser.add_argument("--large", type=int, default=0, help="transactions of the large run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-pandas", action="store_true")
    parser.add_argument(
        "--scratch", type=Path, help="folder for the data: 3 GB, or 15 with --large"
    )
    return parser.parse_args()


_COMPILED = """
import datetime as dt, sys
from pathlib import Path
from typing import NamedTuple
from limner.features.relational.options import FeatureOptions
from limner.features.relational.snapshot import compute_snapshots
trusted, out, limit, *dates = sys.argv[1:]
options = FeatureOptions(threads=2, memory_limit=limit or None)
compute_snapshots(Path(trusted), [dt.date.fromisoformat(d) for d in dates], Path(out), options)
"""
_BY_HAND = """
import sys
from pathlib import Path
from typing import NamedTuple
import duckdb
trusted, out, query = sys.argv[1:]
files = sorted(str(f) for f in Path(trusted, "transactions").glob("*.parquet"))
sql = Path(query).read_text().replace("{files}", str(files))
sql = sql.replace("{customers}", f"{trusted}/customers/all.parquet")
connection = duckdb.connect(config={"threads": 2})
connection.execute("SET enable_progress_bar = false")
connection.execute(f"COPY ({sql}) TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
"""


# Frames in this process would count in the peaks of all that it starts.
_COMPARE = f"""
import sys
from pathlib import Path
sys.path.insert(0, {str(HERE)!r})
from snapshot import compare
compare(Path(sys.argv[1]), pandas=bool(sys.argv[2]))
"""


def made(trusted: Path, transactions: int, customers: int) -> None:
    """Synthesise in a process of its own: a child's peak memory counts what it is forked from."""
    timed([str(HERE / "synthesise.py"), str(trusted), str(transactions), str(customers)])


def compiled(trusted: Path, folder: Path, limit: str = "") -> Run:
    for old in (folder / "compiled").glob("*"):
        old.unlink()
    return timed(["-c", _COMPILED, str(trusted), str(folder / "compiled"), limit, str(SNAPSHOT)])


def by_hand(trusted: Path, folder: Path) -> Run:
    query = HERE / "hand_written.sql"
    return timed(["-c", _BY_HAND, str(trusted), str(folder / "by_hand.parquet"), str(query)])


def in_pandas(trusted: Path, folder: Path) -> Run:
    return timed([str(HERE / "plain_pandas.py"), str(trusted), str(folder / "pandas.parquet")])


CONTENDERS: dict[str, Callable[[Path, Path], Run]] = {
    "compiled": compiled, "hand-written": by_hand, "pandas": in_pandas,
}  # fmt: skip


def timed(arguments: list[str]) -> Run:
    """Run Python on arguments, in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments])
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"a run failed: {arguments[0]} {arguments[1][:40]!r}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9)


def told(run: Run) -> str:
    return f"{run.seconds:.1f} s ({run.cpu:.1f} of processor), {run.peak:.2f} GB"


def ratios(runs: dict[str, list[Run]]) -> dict[str, float]:
    def ratio(a: str, b: str) -> float:
        pairs = list(zip(runs[a], runs[b], strict=True))
        processor = statistics.median(x.cpu / y.cpu for x, y in pairs)
        print(f"{a} / {b} in processor seconds: {processor:.2f}", flush=True)
        return statistics.median(x.seconds / y.seconds for x, y in pairs)

    measured = {"compiled / hand-written": ratio("compiled", "hand-written")}
    if runs["pandas"]:
        measured["pandas / compiled"] = ratio("pandas", "compiled")
    measured["compiled, peak GB"] = max(run.peak for run in runs["compiled"])
    return measured


def further_month(trusted: Path, folder: Path) -> float:
    """Time a second snapshot beside one that is there, over one snapshot from nothing."""
    one = compiled(trusted, folder)
    arguments = ["-c", _COMPILED, str(trusted), str(folder / "compiled"), ""]
    both = timed([*arguments, "2024-05-31", str(SNAPSHOT)])
    print(f"one snapshot {told(one)}; a further month {told(both)}", flush=True)
    return both.seconds / one.seconds


def large(options: argparse.Namespace, trusted: Path, folder: Path) -> float:
    small = compiled(trusted, folder, "1GB")
    print(f"{options.transactions:,} in 1 GB: {told(small)}", flush=True)
    huge = folder / "large"
    made(huge, options.large, options.customers)
    run = compiled(huge, folder, "1GB")
    print(f"{options.large:,} in 1 GB: {told(run)}", flush=True)
    return run.seconds / small.seconds


def compare(folder: Path, *, pandas: bool) -> None:
    """Stop where the contenders did not compute the same."""
    import numpy as np
    import pandas as pd

    ours = pd.read_parquet(folder / "compiled" / f"{SNAPSHOT}.parquet").set_index("customer_id")
    for name in ["by_hand", *(["pandas"] if pandas else [])]:
        theirs = pd.read_parquet(folder / f"{name}.parquet").set_index("customer_id")
        theirs = theirs.reindex(ours.index)
        for column in theirs.columns:
            a, b = (t[column].astype(float).to_numpy() for t in (ours, theirs))
            same = np.isclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True).mean()
            # Of two movements at the same moment each takes another as the latest.
            tied = ("balance_latest", "overdrawn_latest", "months_of_spending_held")
            enough = 0.999 if column in tied else 1.0
            if same < enough:
                raise SystemExit(f"{name}: {column} is the same for {same:.2%} of customers only")
        absent = sorted(set(theirs.columns) ^ set(ours.columns) - NOT_OF_TRANSACTIONS)
        print(f"{name}: {len(theirs.columns)} columns the same; not in both: {absent or 'none'}")


NOT_OF_TRANSACTIONS = {
    "snapshot_date", "age_years", "sex", "tenure_days", "allows_profiling", "allows_credit",
    "allows_marketing",
}  # fmt: skip

if __name__ == "__main__":
    main()
