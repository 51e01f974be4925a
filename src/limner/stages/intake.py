"""DVC stage ``intake@<portfolio>``: verified extract → trusted rows and quarantined rows."""

from dataclasses import asdict

from limner.artifacts import MartPaths, replacing, require, write_json
from limner.intake.quarantine import take_in
from limner.portfolios import find_portfolio
from limner.portfolios.left_out import leave_out, why_left_out
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def intake(portfolio: str) -> None:
    """Hold the extract to its contract; part its rows and report what became of them."""
    limit = load_settings().intake.quarantine_limit
    paths, definition = MartPaths.of(portfolio), find_portfolio(portfolio)
    if reason := why_left_out(require(paths.extract)):
        leave_out([paths.trusted, paths.quarantine, paths.quality], reason, definition.title)
        progress(f"{portfolio}: left out, {reason}")
        return

    with replacing(paths.trusted) as trusted, replacing(paths.quarantine) as quarantine:
        report = take_in(definition, paths.extract, trusted, quarantine, limit)
    write_json(paths.quality, asdict(report))
    progress(
        f"{portfolio}: {report.rows_in:,} rows in = {report.rows_trusted:,} trusted"
        f" + {report.rows_quarantined:,} quarantined"
    )


if __name__ == "__main__":
    run_from_command_line(intake)
