"""Which copy of Limner runs: DVC hashes the code of the folder, so that code must run."""

from pathlib import Path

import limner
from limner.errors import ForeignCode

SOURCES = Path("src")


def refuse_foreign_code() -> None:
    """Check that the package that runs is the one in the working folder, if there is one.

    An editable installation points at one checkout. In a copy of it, such as the folder of
    ``dvc exp run --temp``, it would run the checkout's code on the copy's data. A project
    without sources of its own runs the installed package.

    Raises:
        ForeignCode: the working folder holds sources of Limner, and others run.
    """
    own = (Path.cwd() / SOURCES / limner.__name__).resolve()
    running = Path(limner.__file__).resolve().parent
    if (own / "__init__.py").is_file() and own != running:
        raise ForeignCode(str(own), str(running))
