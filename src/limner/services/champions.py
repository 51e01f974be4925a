"""The champions that are served: read from the registry once, when the service starts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from limner.errors import LimnerError, NoChampion
from limner.modelling.fitted import FittedModel, read_model
from limner.registry.protocol import (
    CHAMPION,
    ModelRegistry,
    RegisteredVersion,
    RegistryUnreachable,
)


@dataclass(frozen=True)
class Champion:
    """A model as it is served: fitted, and which version of the registry it is."""

    fitted: FittedModel
    version: int
    digest: str


class Champions(NamedTuple):
    """The champions that can be served, and why the others cannot, each by model."""

    served: Mapping[str, Champion]
    faults: Mapping[str, LimnerError]


class ModelUnservable(LimnerError):
    """A champion was read, but cannot answer the example that it carries."""

    exit_code = 147

    def __init__(self, model: str, version: int, fact: str) -> None:
        self.model, self.version, self.fact = model, version, fact
        super().__init__(
            f"model {model}, version {version} cannot answer its own example: {fact}: promote"
            " another version, or report a fault of Limner"
        )


def find_champions(registry: ModelRegistry, named: str) -> tuple[RegisteredVersion, ...]:
    """Find every model's champion, without its files.

    Args:
        named: the registry as an error should name it.

    Raises:
        NoChampion: no model has a champion.
        RegistryUnreachable: the registry does not answer.
    """
    found = (registry.version_by_alias(model, CHAMPION) for model in registry.models())
    champions = tuple(version for version in found if version is not None)
    if not champions:
        raise NoChampion(named)
    return champions


def load_champions(
    registry: ModelRegistry, into: Path, threads: int, named: str = "the registry"
) -> Champions:
    """Read every model's champion; a model without one is not served.

    Args:
        into: a folder for copies of files that are not on this machine; they are read whole,
            so it may go.
        threads: of one prediction.
        named: as for :func:`find_champions`.

    Raises:
        NoChampion: no model has a champion.
        RegistryUnreachable: the registry does not answer.
    """
    loaded: dict[str, Champion] = {}
    faults: dict[str, LimnerError] = {}
    for version in find_champions(registry, named):
        try:
            loaded[version.model] = _read(registry, version, into, threads)
        except RegistryUnreachable:
            raise
        # What one model lacks must not take the others down.
        except LimnerError as fault:
            faults[version.model] = fault
    return Champions(loaded, faults)


def _read(
    registry: ModelRegistry, version: RegisteredVersion, into: Path, threads: int
) -> Champion:
    folder = registry.fetch(version, into)
    return Champion(read_model(folder, threads, version.digest), version.version, version.digest)
