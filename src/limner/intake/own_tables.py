"""A bank's own outcome tables: taken in like the canonical ones, and kept apart from them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from limner.artifacts import replacing_folder, write_text
from limner.contract import Contract


@dataclass(frozen=True)
class OwnTables:
    """What the tables promise, and the folder that is theirs alone."""

    contracts: Sequence[Contract]
    folder: Path


@contextmanager
def own_folder_of(own: OwnTables | None) -> Iterator[Path]:
    """Give a folder to write the tables to, which takes the place of theirs at the end."""
    if own is None:
        yield Path()
        return
    with replacing_folder(own.folder) as folder:
        if not own.contracts:
            # A folder that DVC keeps is better not empty.
            write_text(folder / "NONE", "This bank has no outcome table of its own.\n")
        yield folder
