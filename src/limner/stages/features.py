"""DVC stage ``features@<bank>``: trusted tables → one file of features a snapshot date."""

from limner.artifacts import BankPaths
from limner.settings import load_settings
from limner.stages.command_line import run_from_command_line


def features(bank: str) -> None:
    """Compute the features of every snapshot date whose inputs have changed."""
    settings, paths = load_settings(), BankPaths.of(bank)


if __name__ == "__main__":
    run_from_command_line(features)
