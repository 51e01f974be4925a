"""Find a portfolio's file, and make sure that it is the one that was reviewed."""

import hashlib
import os
from importlib import metadata
from pathlib import Path

from limner.errors import DataFileAltered, DataFileMissing
from limner.settings import Source

PACKAGE_PREFIX = "package:"


def read_verified(portfolio: str, source: Source) -> bytes:
    """Read the whole file and check its size and SHA-256.

    Raises:
        DataFileMissing: there is no such file or package.
        DataFileAltered: size or SHA-256 differ from ``params.yaml``.
    """
    assert source.location is not None, "a portfolio without a location is left out"
    content = locate(portfolio, source.location).read_bytes()
    if len(content) != source.size_bytes:
        facts = ("size_bytes", str(source.size_bytes), str(len(content)))
        raise DataFileAltered(portfolio, source.location, *facts)
    found = hashlib.sha256(content).hexdigest()
    if found != source.sha256:
        raise DataFileAltered(portfolio, source.location, "sha256", source.sha256, found)
    return content


def why_without_source(portfolio: str, source: Source) -> str | None:
    """Say why a portfolio is left out, or None where its file is stated."""
    if source.location is None:
        key = f"portfolios.{portfolio}.source.location"
        return f"its file is not here: state {key} in params.yaml"
    return None


def locate(portfolio: str, location: str) -> Path:
    """Turn ``package:<distribution>/<path>`` or a plain path into an existing file's path.

    The package is never imported: its file list says where the file is.

    Raises:
        DataFileMissing: there is no such file or package.
    """
    if location.startswith(PACKAGE_PREFIX):
        return _inside_package(portfolio, location)
    path = stated_path(location)
    key = f"portfolios.{portfolio}.source.location"
    if not os.path.isfile(path):  # noqa: PTH113  false, no error, where a folder may not be entered
        remedy = f"put the file there, change {key}, or set it to null to leave it out"
        raise DataFileMissing(portfolio, location, remedy)
    if not os.access(path, os.R_OK):
        raise DataFileMissing(portfolio, location, "a file is there that this user may not read")
    return path


def stated_path(location: str) -> Path:
    """Read a path of ``params.yaml``; a home folder that there is none of stays as written."""
    return Path(os.path.expanduser(location))  # noqa: PTH111  Path's own raises there


def _inside_package(portfolio: str, location: str) -> Path:
    distribution, _, inside = location.removeprefix(PACKAGE_PREFIX).partition("/")
    try:
        listed = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        remedy = f"package {distribution} is not installed: run 'uv sync' (group public-data)"
        raise DataFileMissing(portfolio, location, remedy) from None
    path = next((Path(str(f.locate())) for f in listed if f.as_posix() == inside), None)
    if path is None or not path.is_file():
        remedy = f"reinstall it: 'uv sync --reinstall-package {distribution}'"
        raise DataFileMissing(portfolio, location, remedy)
    return path
