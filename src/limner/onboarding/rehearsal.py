"""The drafted contract and mapping tried on the file itself, before anything is written."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from limner.domain import Bilingual
from limner.engine import connect, write_parquet
from limner.features.catalogue import Feature
from limner.intake.extract_file import as_utf8, rows_sql
from limner.intake.quarantine import IntakeReport, take_in
from limner.onboarding.columns import has_code_feature
from limner.onboarding.plan import Plan
from limner.onboarding.render_code import render_mapping
from limner.portfolios.portfolio import Portfolio
from limner.settings import OnboardingLimits


@dataclass(frozen=True)
class Rehearsal:
    """What the intake made of the file, or of rows drawn from a large one (``whole`` False)."""

    report: IntakeReport
    trusted: pd.DataFrame
    whole: bool


def rehearse(plan: Plan, file: Path, limits: OnboardingLimits) -> Rehearsal:
    """Take the file in by the draft, into a folder that is thrown away.

    Of a file above ``limits.rehearsed_bytes`` as many rows are taken in as were profiled.
    """
    whole = file.stat().st_size <= limits.rehearsed_bytes
    with TemporaryDirectory(prefix="limner-") as folder:
        trusted, quarantine = (Path(folder) / f"{part}.parquet" for part in ("in", "out"))
        extract = file if whole else _draw(plan, file, Path(folder) / "drawn.parquet")
        report = take_in(drafted_portfolio(plan), extract, trusted, quarantine, limit=1.0)
        return Rehearsal(report, pd.read_parquet(trusted), whole)


def _draw(plan: Plan, file: Path, target: Path) -> Path:
    shape = plan.shape
    # One thread: the same seed then draws the same rows.
    with connect() as connection, as_utf8(file, shape.encoding.name) as readable:
        rows = rows_sql(readable, shape.separator, shape.header, shape.skip_rows)
        drawn = f"reservoir({plan.sampled_rows} ROWS) REPEATABLE (1)"
        write_parquet(connection, f"SELECT * FROM {rows} USING SAMPLE {drawn}", target)
    return target


def drafted_portfolio(plan: Plan) -> Portfolio:
    """Return what the drafted module and SQL will define."""
    name = plan.wanted.name
    portfolio = Portfolio(
        name=name, title=Bilingual(name, name), separator=plan.shape.separator,
        extract_columns=plan.extract_columns, contract=plan.contract,
        encoding=plan.shape.encoding.name, header=plan.shape.header,
        skip_rows=plan.shape.skip_rows,
    )  # fmt: skip
    lines = "\n".join(render_mapping(plan.columns))
    # What cached_property would read from the file beside the module.
    portfolio.__dict__["mapping"] = f"SELECT\n{lines}\nFROM extract\n"
    return portfolio


def drafted_features(plan: Plan) -> tuple[Feature, ...]:
    """Return the features that the drafted model uses, as its catalogue will define them."""
    found: list[Feature] = []
    for drafted in (c for c in plan.columns if c.use == "feature" or c.taken_back):
        name, meaning, words = drafted.name, drafted.column.meaning, drafted.words
        found.append(Feature(name, (name,), meaning, words, words))
        if has_code_feature(drafted):
            found.append(Feature(f"{name}_code", (name,), meaning, words, words, formula="code"))
    return tuple(found)
