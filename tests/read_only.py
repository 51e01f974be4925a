"""A folder that cannot be written, even by a process that root starts."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PR_CAPBSET_DROP = 24
# Capabilities by which root reads and writes what it may not: see capabilities(7).
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


def heed_permissions() -> None:
    """Give up root's right to write anywhere; ``preexec_fn`` of a process that shall not."""
    if os.getuid() == 0:
        system = ctypes.CDLL(None)
        for capability in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
            assert system.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0) == 0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write from everything in a folder, until the block ends."""
    modes = {p: p.stat().st_mode for p in (folder, *folder.rglob("*")) if not p.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
