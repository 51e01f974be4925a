"""Take in harbour and compute one snapshot of features, at two sizes: memory, time per row.

    uv run python benchmarks/bank/harbour.py                       # 100,000 and 1,000,000
    uv run python benchmarks/bank/harbour.py --customers 20_000 50_000

Each size has a project folder of its own under --scratch, with the data that its steps hand
on; they are removed at the end. Every step is a process of its own, so that its peak memory
and processor seconds are its own:

- make: the systems' extracts, and the truth;
- check: every table held to its contract (the first half of the stage ``intake_bank``);
- trust: records linked, keys made pseudonyms, trusted tables written (the second half);
- features: the last snapshot, the whole catalogue.

With --keep nothing is removed, and steps that an interrupted run had finished are not run again.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import limner
from limner.artifacts import BankPaths, read_json, write_json
from limner.settings import load_settings

BANK = "harbour"
BARS = {"peak GB": 8.0, "time per row, large / small": 1.0}
# Extracts, checked and trusted tables of 24 months, and what may be spilled, a customer.
DISK_BYTES = 40_000


class Run(NamedTuple):
    """Wall and processor seconds, and peak memory in GB, of one process."""

    seconds: float
    cpu: float
    peak: float


def main() -> None:
    options = read_arguments()
    if options.step:
        STEPS[options.step]()
        return
    with tempfile.TemporaryDirectory(dir=options.scratch) as temporary:
        scratch = options.scratch.resolve() if options.keep else Path(temporary)
        refuse_if_no_room(scratch, options)
        measured = [measure(scratch / str(size), size, options) for size in options.customers]
        print(f"load at the end {os.getloadavg()[0]:.1f}")
        tell(scratch, options.customers, measured)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--customers", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--months", type=int, default=24)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory-limit", default="5GB", help="of DuckDB")
    parser.add_argument("--scratch", type=Path, help="folder for the data: 40 GB")
    parser.add_argument("--keep", action="store_true", help="keep the data, and go on from them")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.keep and not options.scratch:
        parser.error("--keep needs --scratch")
    return options


def refuse_if_no_room(scratch: Path, options: argparse.Namespace) -> None:
    needed = sum(options.customers) * options.months / 24 * DISK_BYTES
    free = shutil.disk_usage(scratch).free
    if free < needed and not options.keep:
        raise SystemExit(f"{scratch}: {free / 1e9:.0f} GB are free of {needed / 1e9:.0f} needed")


def measure(folder: Path, customers: int, options: argparse.Namespace) -> dict[str, Run]:
    """Run every step of one size, in order."""
    folder.mkdir(parents=True, exist_ok=True)
    write_params(folder / "params.yaml", customers, options)
    done = folder / "runs.json"
    runs = {n: Run(*run) for n, run in read_json(done).items()} if done.exists() else {}
    for step in STEPS:
        if step not in runs:
            print(f"{customers:,}: {step} ...; load {os.getloadavg()[0]:.1f} on"
                  f" {os.cpu_count()} cores", flush=True)  # fmt: skip
            runs[step] = timed(folder, step)
            write_json(done, runs)
        rows = rows_of(folder) if step != "make" else 0
        print(f"{customers:,}: {step} {told(runs[step], rows)}", flush=True)
    return runs


def write_params(file: Path, customers: int, options: argparse.Namespace) -> None:
    """Write the project's own settings with another size of the bank, and one snapshot."""
    params = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    bank = params["banks"][BANK]
    first = bank["made"]["first_month"]
    day = month_after(first, options.months)
    drift = min(str(bank["made"]["drift_from"]), month_after(first, options.months - 1))
    bank["made"] |= {"customers": customers, "months": options.months, "drift_from": drift}
    bank |= {"day": day, "snapshots": {"first": day, "last": day}}
    # Its models look at months that are no snapshots here; none is fitted.
    params["models"] = {n: m for n, m in params["models"].items() if m["portfolio"] != BANK}
    params["runtime"]["threads"] = options.threads
    for section in ("intake", "features"):
        params[section]["memory_limit"] = options.memory_limit
    file.write_text(yaml.safe_dump(params, allow_unicode=True), encoding="utf-8")


def month_after(first: str, months: int) -> str:
    """Give the first day of the month so many months later.

    >>> month_after("2023-01-01", 24)
    '2025-01-01'
    """
    number = int(first[:4]) * 12 + int(first[5:7]) - 1 + months
    return f"{number // 12}-{number % 12 + 1:02}-01"


def timed(folder: Path, step: str) -> Run:
    """Run one step in a process of its own, its output kept beside the data."""
    code = str(Path(limner.__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": code}
    started = time.perf_counter()
    with (folder / f"{step}.log").open("w") as log:
        command = [sys.executable, str(Path(__file__).resolve()), "--step", step]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{step} failed:\n{(folder / f'{step}.log').read_text()[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9)


def make() -> None:
    from limner.intake.landing import land_tables
    from limner.portfolios.bank_source import collect

    land = partial(land_tables, progress=say)
    collect(BANK, load_settings().bank(BANK), BankPaths.of(BANK), land, say)


def check() -> None:
    from limner.intake.bank_intake import BankIntakeSettings, take_in_bank
    from limner.intake.trusting import keyed_pseudonyms
    from limner.portfolios import find_bank

    settings, paths = load_settings(), BankPaths.of(BANK)
    own, keys = settings.bank(BANK), keys_of_bank()
    limits = BankIntakeSettings(
        own.day, settings.intake.quarantine_limit, own.quarantine_limits,
        settings.runtime.threads, settings.intake.memory_limit,
    )  # fmt: skip
    found = take_in_bank(
        find_bank(BANK), str(paths.extract), paths.checked, limits,
        pseudonymise=lambda connection: keyed_pseudonyms(connection, keys), progress=say,
    )  # fmt: skip
    write_json(Path("rows.json"), {taken.table: taken.parts.rows_in for taken in found.tables})


def trust_records() -> None:
    from limner.intake.identity.settings import IdentitySettings
    from limner.intake.trusting import trust

    settings, paths = load_settings(), BankPaths.of(BANK)
    linkage = IdentitySettings(
        **settings.identity.model_dump(), seed=settings.seed,
        master_system=settings.bank(BANK).master_system,
    )  # fmt: skip
    trust(
        paths.checked, paths.trusted, paths.identity, paths.vault, keys_of_bank(), linkage,
        progress=say, threads=settings.runtime.threads,
        memory_limit=settings.intake.memory_limit,
    )  # fmt: skip


def features() -> None:
    from limner.features.relational.options import FeatureOptions
    from limner.features.relational.snapshot import compute_snapshots

    settings, paths = load_settings(), BankPaths.of(BANK)
    options = FeatureOptions(**settings.features.model_dump(), threads=settings.runtime.threads)
    dates = settings.bank(BANK).snapshots.dates
    compute_snapshots(paths.trusted, dates, paths.features, options, progress=say)


def keys_of_bank() -> Any:
    from limner.intake.privacy.bank_keys import keys_of

    settings = load_settings()
    return keys_of(BANK, settings.bank(BANK), settings.privacy, settings.seed)


STARTED = time.perf_counter()


def say(line: str) -> None:
    """Write a line of a step's log, with what the step has cost so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    print(f"{time.perf_counter() - STARTED:.0f} s ({time.process_time():.0f} of processor),"
          f" {peak:.2f} GB at most: {line}", flush=True)  # fmt: skip


STEPS: dict[str, Callable[[], None]] = {
    "make": make, "check": check, "trust": trust_records, "features": features,
}  # fmt: skip
# What the bar is about: the bank is made for the benchmark only.
INTAKE_AND_FEATURES = ("check", "trust", "features")


def rows_of(folder: Path) -> int:
    """Count the rows of all tables as they came in."""
    return sum(read_json(folder / "rows.json").values())


def told(run: Run, rows: int = 0) -> str:
    text = f"{run.seconds:.0f} s ({run.cpu:.0f} of processor), {run.peak:.2f} GB"
    if not rows:
        return text
    each, work = run.seconds / rows * 1e6, run.cpu / rows * 1e6
    return f"{text}; {each:.2f} ({work:.2f}) microseconds a row of {rows:,}"


def tell(scratch: Path, sizes: list[int], measured: list[dict[str, Run]]) -> None:
    """Print the figures that the bars are about, of the largest size and the smallest."""
    small, large = measured[0], measured[-1]
    rows = [rows_of(scratch / str(size)) for size in (sizes[0], sizes[-1])]
    peak = max(large[step].peak for step in INTAKE_AND_FEATURES)
    print(f"peak GB at {sizes[-1]:,} customers: {peak:.2f} ({verdict('peak GB', peak)})")
    if len(sizes) == 1:
        return
    for steps in (("check",), ("trust",), ("features",), INTAKE_AND_FEATURES):
        wall, cpu = (
            sum(getattr(large[step], unit) for step in steps) / rows[1]
            / (sum(getattr(small[step], unit) for step in steps) / rows[0])
            for unit in ("seconds", "cpu")
        )  # fmt: skip
        held = verdict("time per row, large / small", wall) if len(steps) > 1 else "no bar"
        print(f"time per row, {sizes[-1]:,} / {sizes[0]:,}, {' and '.join(steps)}: {wall:.2f}"
              f" ({cpu:.2f} in processor seconds; {held})")  # fmt: skip


def verdict(bar: str, value: float) -> str:
    return f"bar <= {BARS[bar]:g}, {'met' if value <= BARS[bar] else 'MISSED'}"


if __name__ == "__main__":
    main()
