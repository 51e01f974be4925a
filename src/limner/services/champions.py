"""The champions that are served: read from the registry once, when the service starts."""

from dataclasses import dataclass
from pathlib import Path

from limner.errors import LimnerError, NoChampion
from limner.modelling.fitted import FittedModel, digest_of, read_model
from limner.registry.protocol import CHAMPION, ModelRegistry, RegisteredVersion


class ChampionAltered(LimnerError):
    """A champion's files are not those that were registered, and approved, under its version."""

    exit_code = 24

    def __init__(self, version: RegisteredVersion, found: str) -> None:
        self.version, self.found = version, found
        super().__init__(
            f"model {version.model}, version {version.version}: its files have the digest {found},"
            f" registered was {version.digest}: restore the registry's files or promote another"
            " version"
        )


@dataclass(frozen=True)
class Champion:
    """A model as it is served: fitted, and which version of the registry it is."""

    fitted: FittedModel
    version: int
    digest: str


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
) -> dict[str, Champion]:
    """Fetch every model's champion; a model without one is not served.

    Args:
        into: an empty folder for the fetched files; they are read whole, so it may go.
        threads: of one prediction.
        named: as for :func:`find_champions`.

    Raises:
        NoChampion: no model has a champion.
        ChampionAltered: the files are not those that were registered.
        ArtifactUnreadable: a champion is of another layout than this version of Limner reads.
        RegistryUnreachable: the registry does not answer.
    """
    versions = find_champions(registry, named)
    return {v.model: _read(registry, v, into, threads) for v in versions}


def _read(
    registry: ModelRegistry, version: RegisteredVersion, into: Path, threads: int
) -> Champion:
    folder = registry.fetch(version, into)
    digest = digest_of(folder)
    # A version that was made by another way than Limner's has no digest to hold it to.
    if version.digest and version.digest != digest:
        raise ChampionAltered(version, digest)
    return Champion(read_model(folder, threads), version.version, digest)
