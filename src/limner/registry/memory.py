"""A registry in memory: the twin of the MLflow one, for tests that are about something else."""

from dataclasses import dataclass, replace
from pathlib import Path

from limner.registry.protocol import (
    NoSuchVersion,
    RegisteredVersion,
    TrainingRun,
    refuse_pickles,
)
from limner.registry.verified import fetch_once


@dataclass(frozen=True)
class _Kept:
    version: RegisteredVersion
    files: dict[str, bytes]


class InMemoryRegistry:
    """Keeps what :class:`~limner.registry.protocol.ModelRegistry` promises, until it is dropped."""

    def __init__(self) -> None:
        self._kept: dict[str, list[_Kept]] = {}
        self._aliases: dict[tuple[str, str], int] = {}

    def register(self, run: TrainingRun) -> RegisteredVersion:
        refuse_pickles(run.model, run.fitted_directory)
        for known in self.versions(run.model):
            if known.digest == run.digest:
                return known
        kept = self._kept.setdefault(run.model, [])
        number = len(kept) + 1
        version = RegisteredVersion(run.model, number, f"{run.model}-{number}", run.digest, ())
        kept.append(_Kept(version, _read_files(run.fitted_directory)))
        return version

    def set_alias(self, model: str, alias: str, version: int) -> None:
        self._find(model, version)
        self._aliases[model, alias] = version

    def version_by_alias(self, model: str, alias: str) -> RegisteredVersion | None:
        number = self._aliases.get((model, alias))
        return None if number is None else self._with_aliases(self._find(model, number).version)

    def models(self) -> tuple[str, ...]:
        return tuple(sorted(self._kept))

    def versions(self, model: str) -> tuple[RegisteredVersion, ...]:
        return tuple(self._with_aliases(kept.version) for kept in self._kept.get(model, ()))

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        files = self._find(version.model, version.version).files

        def write(folder: Path) -> Path:
            for name, content in files.items():
                path = folder / "fitted" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            return folder / "fitted"

        return fetch_once(version, "memory", into, write)

    def _find(self, model: str, version: int) -> _Kept:
        kept = self._kept.get(model, [])
        if not 1 <= version <= len(kept):
            raise NoSuchVersion(model, version, range(1, len(kept) + 1))
        return kept[version - 1]

    def _with_aliases(self, version: RegisteredVersion) -> RegisteredVersion:
        here = version.model, version.version
        held = sorted(a for (model, a), number in self._aliases.items() if (model, number) == here)
        return replace(version, aliases=tuple(held))


def _read_files(directory: Path) -> dict[str, bytes]:
    files = (path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): path.read_bytes() for path in files}
