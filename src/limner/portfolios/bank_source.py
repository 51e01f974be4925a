"""Bring a bank's extracts together in one folder, or make them where the bank is synthetic."""

import os
import shutil
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from limner.artifacts import BankPaths, replacing_folder, write_text
from limner.errors import DataFileMissing, SettingsInvalid
from limner.portfolios import find_bank
from limner.portfolios.bank import Bank, Extract
from limner.portfolios.left_out import mark_left_out
from limner.portfolios.source import stated_path
from limner.settings import PARAMS_FILE, BankSettings

DATABASE = "postgresql:"
_NO_TRUTH = "Nobody made this bank: what is true of it is not known.\n"

Progress = Callable[[str], None]
Land = Callable[[Bank, str, Path], None]


def collect(
    name: str, settings: BankSettings, paths: BankPaths, land: Land, progress: Progress
) -> None:
    """Fill the folders ``extract`` and ``truth`` of a bank.

    A bank whose location is null is *left out*: its folders say so, and every later stage
    passes it by. A location that is stated and not there is an error, for it may be mistyped.
    Tables of a database are landed as files, so
    that what was read can be read again; where it is, and how it is reached, is not written.

    Args:
        land: copies the database tables that a bank's extracts name from a location to a
            folder (:func:`limner.intake.landing.land_tables`).

    Raises:
        SettingsInvalid: the bank is made, but nothing makes it.
        DataFileMissing: nothing is at the location, or nothing of the bank's.
    """
    if settings.made is not None:
        _make(name, settings, paths, progress)
        return
    if settings.location is None:
        reason = f"its files are not here: state banks.{name}.location in params.yaml"
        write_text(paths.truth / "README", _NO_TRUTH)
        mark_left_out(paths.extract, reason)
        progress(f"{name}: left out, {reason}")
        return
    _refuse_absent(name, settings.location)
    write_text(paths.truth / "README", _NO_TRUTH)
    with replacing_folder(paths.extract) as folder:
        _bring(find_bank(name), settings.location, folder, land)
    progress(f"{name}: extracts are here")


def _make(name: str, settings: BankSettings, paths: BankPaths, progress: Progress) -> None:
    """Let the bank's generator write the extracts, and apart from them what is true."""
    generator = _generator(name, settings)
    generator.generate(
        find_bank(name).extracts,
        paths.extract,
        paths.truth,
        generator.read_settings(settings.made),
        lambda done, of: progress(f"{name}: {done:,} of {of:,} customers made"),
    )


def _generator(name: str, settings: BankSettings) -> Any:
    where = f"banks.{name}.generator"
    if settings.generator is None:
        problem = f"{where}: name the Python package that makes this bank, or state its location"
        raise SettingsInvalid(str(PARAMS_FILE), [problem])
    if find_spec(settings.generator) is None:
        problem = f"{where}: no Python package '{settings.generator}' is installed"
        raise SettingsInvalid(str(PARAMS_FILE), [problem])
    return import_module(settings.generator)


def _refuse_absent(name: str, location: str) -> None:
    if location.startswith(DATABASE) or os.path.exists(stated_path(location)):  # noqa: PTH110
        return
    key = f"banks.{name}.location"
    remedy = f"put the bank's files there, correct {key}, or set it to null to leave the bank out"
    raise DataFileMissing(name, location, remedy)


def _bring(bank: Bank, location: str, folder: Path, land: Land) -> None:
    """Land a database's tables; copy the files that the bank's extracts name."""
    source = None if location.startswith(DATABASE) else stated_path(location)
    files = [extract for extract in bank.extracts if extract.format != "database"]
    if len(files) < len(bank.extracts) and (source is None or source.is_file()):
        land(bank, location if source is None else str(source), folder)
    if source is not None:
        _copy(source.parent if source.is_file() else source, files, folder)
    if not any(folder.iterdir()):
        wanted = ", ".join(extract.location for extract in bank.extracts)
        raise DataFileMissing(bank.name, location, f"none of these is there: {wanted}")


def _copy(source: Path, extracts: Sequence[Extract], folder: Path) -> None:
    for extract in extracts:
        for file in sorted(source.glob(extract.location)):
            target = folder / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
