"""A store in a SQLite file with its model files beside it: its addresses, and how it moves.

MLflow writes the absolute path of every run and model into the database. A store that was
copied or moved would so read, or write, the files of the place that it came from.
"""

import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import chain, count
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from limner.registry.protocol import RegistryUnreachable

_LOCATIONS = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
# A path with one of these means something else where it is read as an address.
_NOT_IN_ADDRESSES = re.compile(r"[%?#]")


def sqlite_uri(file: Path) -> str:
    """Write the address of a SQLite file, whatever signs its path holds."""
    path = str(file.absolute())
    if not _NOT_IN_ADDRESSES.search(path):
        return f"sqlite:///{path}"
    from sqlalchemy import URL

    # With the driver's name, MLflow does not make the address's folder as if it were a path.
    return str(URL.create("sqlite+pysqlite", database=path).render_as_string())


def sqlite_file(uri: str) -> Path | None:
    """Return the file that an address of a store means, or None where it is another kind."""
    if not uri.startswith("sqlite"):
        return None
    from sqlalchemy import make_url

    name = make_url(uri).database
    return None if not name or name.startswith((":memory:", "file:")) else Path(name).absolute()


def location_of(folder: Path) -> str:
    """Write a folder as MLflow takes it for a place of artefacts."""
    path = str(folder.absolute())
    return f"file://{quote(path)}" if _NOT_IN_ADDRESSES.search(path) else path


def folder_at(location: str) -> Path | None:
    """Return the folder that a place of artefacts means, or None where it is not on a disk."""
    if location.startswith("/"):
        return Path(location)
    parts = urlsplit(location)
    return Path(unquote(parts.path)) if parts.scheme == "file" and not parts.netloc else None


def unused_name(path: Path) -> Path:
    """Return the path, or with the first number behind it that nothing has."""
    numbered = (path.with_name(f"{path.name}-{number}") for number in count(2))
    return next(candidate for candidate in chain([path], numbered) if not candidate.exists())


def told(text: str) -> None:
    """Tell the user in one line what was done to the store beyond what was asked for."""
    print(text, file=sys.stderr)


class MovingStore:
    """A SQLite file whose model files move together with it.

    Args:
        file: the database.
        experiment: whose place of artefacts is the root of all that the store keeps.
        root: where that is now.
    """

    def __init__(self, file: Path, experiment: str, root: str) -> None:
        self._file, self._experiment, self._root = file, experiment, root
        self._recorded: str | None = None

    def settle(self, must: bool) -> None:
        """Have a store that was copied or moved record its files where they lie now.

        Args:
            must: for the caller writes. A store that may only be read is left as it is, and
                :meth:`here` says where its files are.

        Raises:
            RegistryUnreachable: it must, and the store cannot be written.
        """
        self._recorded = self._root_on_record()
        if self._recorded in {None, self._root}:
            return
        try:
            self._relocate()
        except sqlite3.OperationalError as fault:
            if must:
                raise RegistryUnreachable(sqlite_uri(self._file), str(fault)) from None
            return
        here = folder_at(self._root) or self._root
        told(f"the registry was copied or moved: its files are now those below {here}")

    def here(self, stored: str) -> str:
        """Return where files are that the store has a place on record for."""
        if self._recorded and stored.startswith(f"{self._recorded}/"):
            return self._root + stored.removeprefix(self._recorded)
        return stored

    def _root_on_record(self) -> str | None:
        query = "SELECT artifact_location FROM experiments WHERE name = ?"
        address = f"file:{quote(str(self._file))}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as store:
            found = store.execute(query, (self._experiment,)).fetchone()
        return None if found is None else str(found[0])

    def _relocate(self) -> None:
        with closing(sqlite3.connect(self._file, isolation_level=None)) as store:
            store.execute("BEGIN IMMEDIATE")
            for before, after in self._moves():
                for table, column in _LOCATIONS:
                    store.execute(
                        f"UPDATE {table} SET {column} = ? || substr({column}, ?)"
                        f" WHERE {column} = ? OR substr({column}, 1, ?) = ?",
                        (after, len(before) + 1, before, len(before) + 1, f"{before}/"),
                    )
            store.execute("COMMIT")

    def _moves(self) -> Iterator[tuple[str, str]]:
        assert self._recorded
        yield self._recorded, self._root
        # Where MLflow files what states no experiment: a folder of the project.
        inside = "/mlflow/artifacts"
        if self._recorded.endswith(inside) and self._root.endswith(inside):
            before, after = self._recorded.removesuffix(inside), self._root.removesuffix(inside)
            yield f"{before}/mlruns", f"{after}/mlruns"
