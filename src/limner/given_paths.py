"""Paths that a person types: one parameter type of the command line for each use of a path.

Every path of every command goes through one of these types, so that a folder, a device or
somebody's file is refused before anything is computed, with one line and an exit code.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from limner.errors import InputPathUnfit, OutputExists, OutputPathUnfit

_NOT_A_FILE = "it is no ordinary file"


class GivenPath(click.ParamType):  # type: ignore[type-arg]  # none in older releases
    """A path that a person types; each use of a path is one of the types below."""


class FileToRead(GivenPath):
    """An existing ordinary file that may be read."""

    name = "file"

    def convert(self, value: Any, param: object, ctx: object) -> Path:
        """Return the path.

        Raises:
            InputPathUnfit: nothing is there, it is no ordinary file, or may not be read.
        """
        path, mode = _to_read(value)
        if stat.S_ISDIR(mode):
            raise InputPathUnfit(str(path), "it is a folder; name the file in it")
        if not stat.S_ISREG(mode):
            raise InputPathUnfit(str(path), f"{_NOT_A_FILE}; save its content as a file first")
        return path


class FolderToRead(GivenPath):
    """An existing folder that may be read."""

    name = "folder"

    def convert(self, value: Any, param: object, ctx: object) -> Path:
        """Return the path.

        Raises:
            InputPathUnfit: nothing is there, it is no folder, or may not be read.
        """
        path, mode = _to_read(value)
        if not stat.S_ISDIR(mode):
            raise InputPathUnfit(str(path), "it is a file; name its folder")
        return path


class NewFile(GivenPath):
    """A file to write. Nothing that exists is accepted, unless a flag of the command says so.

    Attributes:
        replace_flag: the flag by which an existing file is replaced; the command then calls
            :func:`refuse_existing`. Without one, an existing file is refused here.
    """

    name = "file"

    def __init__(self, replace_flag: str | None = None) -> None:
        self.replace_flag = replace_flag

    def convert(self, value: Any, param: object, ctx: object) -> Path:
        """Return the path.

        Raises:
            OutputPathUnfit: it is a folder or a device, its folder is a file, or no file may
                be made there.
            OutputExists: a file is there, and the command never replaces one.
        """
        path = _to_write(value)
        if self.replace_flag is None:
            refuse_existing(path, "name another file")
        return path


def refuse_existing(path: Path, remedy: str) -> None:
    """Refuse to replace what exists, a link without a target included.

    Raises:
        OutputExists: something is at the path.
    """
    if os.path.lexists(path):
        raise OutputExists(str(path), remedy)


def refuse_inputs(output: Path, inputs: Iterable[Path | None]) -> None:
    """Refuse an output that is one of the command's own inputs, or lies in an input folder.

    Raises:
        OutputPathUnfit: it is; a hard or symbolic link to an input counts as the input.
    """
    for given in inputs:
        if given is None:
            continue
        same = output.exists() and output.samefile(given)
        if same or output.resolve().is_relative_to(given.resolve()):
            raise OutputPathUnfit(str(output), "it is what the command reads; name another file")


def _to_read(value: Any) -> tuple[Path, int]:
    """Look at a path that is to be read; a reason is given without the system's own words."""
    try:
        path = _expanded(value)
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise InputPathUnfit(str(value), "there is no such file or folder") from None
    except (OSError, ValueError, RuntimeError) as fault:
        raise InputPathUnfit(str(value), _reason(fault)) from None
    if not os.access(path, os.R_OK):
        raise InputPathUnfit(str(path), "it may not be read by this user")
    return path, mode


def _to_write(value: Any) -> Path:
    try:
        path = _expanded(value)
        if str(value).endswith((os.sep, f"{os.sep}.")) or path.name in ("", "-", ".."):
            raise OutputPathUnfit(str(value), "it does not name a file")
        _refuse_kind(path)
        _refuse_place(path)
    except (OSError, ValueError, RuntimeError) as fault:
        raise OutputPathUnfit(str(value), _reason(fault)) from None
    return path


def _refuse_kind(path: Path) -> None:
    if path.is_dir():
        raise OutputPathUnfit(str(path), "it is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise OutputPathUnfit(str(path), _NOT_A_FILE)


def _refuse_place(path: Path) -> None:
    """Refuse a folder that is a file, or where no file may be made; a missing folder is made."""
    folder = next(above for above in path.absolute().parents if os.path.lexists(above))
    if not folder.is_dir():
        raise OutputPathUnfit(str(path), f"{folder} is no folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputPathUnfit(str(path), f"no file may be written in {folder} by this user")
    if len(os.fsencode(path.name)) > os.pathconf(folder, "PC_NAME_MAX"):
        raise OutputPathUnfit(str(path), "its name is too long for this file system")


def _expanded(value: Any) -> Path:
    """Read a path as typed; ``~`` is the user's folder also where the shell leaves it."""
    if not str(value).strip():
        raise ValueError("it has no name")
    return Path(value).expanduser()


def _reason(fault: Exception) -> str:
    return (fault.strerror if isinstance(fault, OSError) else str(fault)) or "it cannot be reached"
