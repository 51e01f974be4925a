"""DVC stage ``intake@<portfolio>``: verified extract → trusted rows and quarantined rows."""

from dataclasses import asdict

from limner.artifacts import MartPaths, replacing, require, write_json
from limner.errors import SettingsInvalid
from limner.intake.privacy.bank_keys import pseudonym_key_of
from limner.intake.quarantine import Told, take_in
from limner.portfolios import find_portfolio
from limner.portfolios.left_out import clear_mark, leave_out, why_left_out
from limner.portfolios.portfolio import Portfolio
from limner.settings import PARAMS_FILE, Settings, load_settings
from limner.stages.command_line import progress, run_from_command_line


def intake(portfolio: str) -> None:
    """Hold the extract to its contract; part its rows and report what became of them."""
    settings = load_settings()
    paths, definition = MartPaths.of(portfolio), find_portfolio(portfolio)
    if reason := why_left_out(require(paths.extract)):
        leave_out([paths.trusted, paths.quarantine, paths.quality], reason, definition.title)
        progress(f"{portfolio}: left out, {reason}")
        return

    limit, told = settings.intake.quarantine_limit, told_of(definition, settings)
    clear_mark(paths.trusted)
    clear_mark(paths.quarantine)
    with replacing(paths.trusted) as trusted, replacing(paths.quarantine) as quarantine:
        report = take_in(definition, paths.extract, trusted, quarantine, limit, told)
    write_json(paths.quality, asdict(report))
    progress(
        f"{portfolio}: {report.rows_in:,} rows in = {report.rows_trusted:,} trusted"
        f" + {report.rows_quarantined:,} quarantined"
    )


def told_of(portfolio: Portfolio, settings: Settings) -> Told:
    """Gather what the settings say of a mart's file.

    Raises:
        KeyMissing, KeyUnusable: see :func:`pseudonym_key_of`.
        SettingsInvalid: its outcomes become known late, and nothing says how late.
    """
    key = pseudonym_key_of(portfolio, settings.privacy, settings.seed)
    delayed = settings.delayed_samples.get(portfolio.name)
    if delayed is None and portfolio.days_since_known:
        problem = f"delayed_samples.{portfolio.name}: missing key: its outcomes become known late"
        raise SettingsInvalid(str(PARAMS_FILE), [problem])
    if delayed is None:
        return Told(key)
    return Told(key, delayed.delay_days, delayed.extract_day)


if __name__ == "__main__":
    run_from_command_line(intake)
