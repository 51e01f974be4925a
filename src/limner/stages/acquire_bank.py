"""DVC stage ``acquire_bank@<bank>``: the systems' extracts → one folder that DVC versions."""

from functools import partial

from limner.artifacts import BankPaths
from limner.intake.landing import land_tables
from limner.portfolios.bank_source import collect
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def acquire_bank(bank: str) -> None:
    """Bring a bank's extracts together, or make them where the bank is synthetic."""
    land = partial(land_tables, progress=progress)
    collect(bank, load_settings().bank(bank), BankPaths.of(bank), land, progress)


if __name__ == "__main__":
    run_from_command_line(acquire_bank)
