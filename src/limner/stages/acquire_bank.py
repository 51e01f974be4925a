"""DVC stage ``acquire_bank@<bank>``: the systems' extracts → one folder that DVC versions."""

from limner.artifacts import BankPaths
from limner.portfolios.bank_source import collect
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def acquire_bank(bank: str) -> None:
    """Bring a bank's extracts together, or make them where the bank is synthetic."""
    collect(bank, load_settings().bank(bank), BankPaths.of(bank), progress)


if __name__ == "__main__":
    run_from_command_line(acquire_bank)
