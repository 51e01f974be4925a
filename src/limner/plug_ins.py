"""One module a definition: how portfolios, catalogues and models are found by name."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from limner.errors import UnknownName


def module_names(package_path: Iterable[str], besides: Iterable[str]) -> tuple[str, ...]:
    """Name the modules of a package in alphabetical order, but for those that define nothing."""
    found = {module.name for module in iter_modules(list(package_path))}
    return tuple(sorted(found - set(besides)))


def package_names(package_path: Iterable[str]) -> tuple[str, ...]:
    """Name the packages within a package in alphabetical order."""
    return tuple(sorted(m.name for m in iter_modules(list(package_path)) if m.ispkg))


def find_module(package: str, kind: str, name: str, known: Iterable[str]) -> ModuleType:
    """Import ``<package>.<name>``.

    Raises:
        UnknownName: ``name`` is not among the known ones.
    """
    names = tuple(known)
    if name not in names:
        raise UnknownName(kind, name, names)
    return import_module(f"{package}.{name}")
