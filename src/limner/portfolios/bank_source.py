"""Bring a bank's extracts together in one folder, or make them where the bank is synthetic."""

import shutil
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from limner.artifacts import BankPaths, read_json, replacing_folder, write_json, write_text
from limner.errors import DataFileMissing, SettingsInvalid
from limner.portfolios import find_bank
from limner.settings import PARAMS_FILE, BankSettings

_SOURCE = "source.json"
DATABASE = "postgresql:"
_NO_TRUTH = "Nobody made this bank: what is true of it is not known.\n"

Progress = Callable[[str], None]


def collect(name: str, settings: BankSettings, paths: BankPaths, progress: Progress) -> None:
    """Fill the folders ``extract`` and ``truth`` of a bank.

    A bank whose location is not stated, or without anything there, is *left out*: its folders
    say so, and every later stage passes it by. A PostgreSQL schema is read at intake.

    Raises:
        SettingsInvalid: the bank is made, but nothing makes it.
    """
    if settings.made is not None:
        _make(name, settings.made, paths, progress)
        _state(paths.extract, location=".", left_out=None)
        return
    left_out = _why_left_out(name, settings.location)
    with replacing_folder(paths.extract) as folder:
        location = settings.location or "."
        if not left_out and not location.startswith(DATABASE):
            location = _copy(name, Path(location).expanduser(), folder)
        _state(folder, location=location, left_out=left_out)
    write_text(paths.truth / "README", _NO_TRUTH)
    progress(f"{name}: left out, {left_out}" if left_out else f"{name}: extracts are here")


def location_of(extract: Path) -> str:
    """Say where intake finds the extracts that :func:`collect` brought together."""
    location = str(read_json(extract / _SOURCE)["location"])
    return location if location.startswith(DATABASE) else str(extract / location)


def left_out_of(extract: Path) -> str | None:
    """Say why a bank is left out, or None where it is not."""
    reason: str | None = read_json(extract / _SOURCE)["left_out"]
    return reason


def _make(name: str, values: Any, paths: BankPaths, progress: Progress) -> None:
    package = import_module(f"limner.portfolios.{find_bank(name).name}")
    if not hasattr(package, "generate"):
        problem = f"banks.{name}.made: nothing makes this bank; state its location instead"
        raise SettingsInvalid(str(PARAMS_FILE), [problem])
    package.generate(
        paths.extract, paths.truth, package.read_settings(values),
        lambda done, of: progress(f"{name}: {done:,} of {of:,} customers made"),
    )  # fmt: skip


def _why_left_out(name: str, location: str | None) -> str | None:
    if location is None:
        return f"its files are not here: state banks.{name}.location in params.yaml"
    if location.startswith(DATABASE) or Path(location).expanduser().exists():
        return None
    return f"nothing is at {location} (banks.{name}.location in params.yaml)"


def _copy(name: str, source: Path, folder: Path) -> str:
    """Copy a database file, or the files that the bank's extracts name."""
    if source.is_file():
        shutil.copyfile(source, folder / source.name)
        return source.name
    extracts = find_bank(name).extracts
    for extract in extracts:
        for file in sorted(source.glob(extract.location)):
            target = folder / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    if not any(folder.iterdir()):
        wanted = ", ".join(extract.location for extract in extracts)
        raise DataFileMissing(name, str(source), f"none of these is there: {wanted}")
    return "."


def _state(folder: Path, location: str, left_out: str | None) -> None:
    write_json(folder / _SOURCE, {"location": location, "left_out": left_out})
