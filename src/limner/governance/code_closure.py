"""Which code a version rests on: everything that its stages import, and its definitions."""

import hashlib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from limner.artifacts import sha256_of

if TYPE_CHECKING:
    from grimp import ImportGraph

ROOT_PACKAGE = "limner"
# The first drift report is part of what the gates judge.
ENTRIES_OF_A_MART = ("stages.acquire", "stages.intake", "monitoring.drift")
ENTRIES_OF_A_BANK = (
    "stages.acquire_bank",
    "stages.intake_bank",
    "stages.features",
    "monitoring.bank_drift",
)
# MLflow runs the last one as a script, so nothing imports it.
ENTRIES_OF_A_MODEL = (
    "stages.sample",
    "stages.train",
    "stages.assess",
    "stages.register",
    "pyfunc_model",
)
# The packages in which a definition is found by its name, and so by no import.
DEFINED_BY_PORTFOLIO = ("portfolios", "features")
DEFINED_BY_MODEL = ("models", "outcomes")


def starting_modules(
    model: str, portfolio: str, outcome: str, is_bank: bool, generator: str | None = None
) -> tuple[str, ...]:
    """Name the stages that make a model's version, and the definitions that they find by name.

    A name without a module of its own is left out: an outcome may stand in a shared module.

    Args:
        generator: package that makes a synthetic bank.
    """
    entries = (*(ENTRIES_OF_A_BANK if is_bank else ENTRIES_OF_A_MART), *ENTRIES_OF_A_MODEL)
    defined = [f"{package}.{portfolio}" for package in DEFINED_BY_PORTFOLIO]
    defined += [f"{package}.{name}" for package in DEFINED_BY_MODEL for name in (model, outcome)]
    named = dict.fromkeys((*entries, *defined))
    known = _graph({ROOT_PACKAGE}).modules
    found = tuple(f"{ROOT_PACKAGE}.{n}" for n in named if f"{ROOT_PACKAGE}.{n}" in known)
    return (*found, generator) if generator else found


def import_closure(modules: Iterable[str]) -> frozenset[str]:
    """Return the modules that some modules import, directly or not, and themselves.

    A module's packages belong to it, because importing it runs their code too.
    """
    to_follow, found = list(modules), set[str]()
    graph = _graph(_packages(to_follow))
    while to_follow:
        module = to_follow.pop()
        if module in found:
            continue
        found.add(module)
        to_follow += graph.find_modules_directly_imported_by(module)
        package, _, _ = module.rpartition(".")
        to_follow += [package] if package else []
    return frozenset(found)


def code_files(modules: Iterable[str]) -> tuple[Path, ...]:
    """Return the files of modules, and the SQL and templates that lie beside them.

    Returns:
        paths from the folder above the package, sorted. A data file with a module's name
        (``portfolios/cards.sql``) belongs to that module, any other one to its package.
    """
    wanted = frozenset(modules)
    found = []
    for package in _packages(wanted):
        root = _folder_above(package)
        files = (f for f in (root / package).rglob("*") if f.is_file() and f.suffix != ".pyc")
        found += [f.relative_to(root) for f in files if _owner(f, root) in wanted]
    return tuple(sorted(found))


def code_hash(modules: Iterable[str]) -> str:
    """Hash the code that some modules rest on, SHA-256 over relative names and contents."""
    digest = hashlib.sha256()
    for file in code_files(import_closure(modules)):
        content = sha256_of(_folder_above(file.parts[0]) / file)
        digest.update(f"{file.as_posix()} {content}\n".encode())
    return digest.hexdigest()


def _owner(file: Path, root: Path) -> str:
    """Name the module or package that a file belongs to."""
    folder = file.parent
    if file.suffix != ".py" and not file.with_suffix(".py").is_file():
        # Templates may lie in folders that are no packages.
        while not (folder / "__init__.py").is_file():
            folder = folder.parent
        return _dotted(folder, root)
    return _dotted(folder if file.stem == "__init__" else file.with_suffix(""), root)


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).parts)


def _packages(modules: Iterable[str]) -> set[str]:
    return {module.partition(".")[0] for module in modules}


def _folder_above(package: str) -> Path:
    found = find_spec(package)
    assert found is not None, f"{package} is imported and so can be found"
    assert found.origin is not None, f"{package} has an __init__.py"
    return Path(found.origin).resolve().parents[1]


def _graph(packages: set[str]) -> "ImportGraph":
    import grimp

    return grimp.build_graph(*sorted(packages), cache_dir=None)
