"""DVC stage ``intake@<portfolio>``: verified extract → trusted rows and quarantined rows."""

from dataclasses import asdict

from limner.artifacts import MartPaths, replacing, require, write_json
from limner.intake.quarantine import take_in
from limner.portfolios import find_portfolio
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def intake(portfolio: str) -> None:
    """Hold the extract to its contract; part its rows and report what became of them."""
    limit = load_settings().intake.quarantine_limit
    paths = MartPaths.of(portfolio)

    with replacing(paths.trusted) as trusted, replacing(paths.quarantine) as quarantine:
        report = take_in(
            find_portfolio(portfolio), require(paths.extract), trusted, quarantine, limit
        )
    write_json(paths.quality, asdict(report))
    progress(
        f"{portfolio}: {report.rows_in:,} rows in = {report.rows_trusted:,} trusted"
        f" + {report.rows_quarantined:,} quarantined"
    )


if __name__ == "__main__":
    run_from_command_line(intake)
