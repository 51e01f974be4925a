"""The drafted contract and mapping tried on the file itself, before anything is written."""

from pathlib import Path
from tempfile import TemporaryDirectory

from limner.domain import Bilingual
from limner.intake.quarantine import IntakeReport, take_in
from limner.onboarding.plan import Plan
from limner.onboarding.render_code import render_mapping
from limner.portfolios.portfolio import Portfolio


def rehearse(plan: Plan, file: Path) -> IntakeReport:
    """Take the file in by the draft, into a folder that is thrown away."""
    with TemporaryDirectory(prefix="limner-") as folder:
        trusted, quarantine = (Path(folder) / f"{part}.parquet" for part in ("in", "out"))
        return take_in(drafted_portfolio(plan), file, trusted, quarantine, limit=1.0)


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
