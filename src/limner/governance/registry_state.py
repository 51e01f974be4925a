"""Whether the registry holds the models in ``artifacts/``, and what to type next."""

from collections.abc import Iterable
from dataclasses import dataclass

from limner.artifacts import ArtifactPaths, sha256_of
from limner.portfolios.left_out import why_left_out
from limner.registry.protocol import CHALLENGER, CHAMPION, ModelRegistry, RegisteredVersion
from limner.settings import load_settings


@dataclass(frozen=True)
class RegistryState:
    """What the registry holds of the fitted model in ``artifacts/models/<model>``.

    Attributes:
        version: the version with the artefact's digest, or None where there is none.
        current: the champion or, where there is none, the challenger; None for neither.
    """

    model: str
    version: RegisteredVersion | None
    current: RegisteredVersion | None

    @property
    def differs(self) -> bool:
        """Whether the artefact is neither the champion nor the challenger."""
        return self.version is None or not {CHAMPION, CHALLENGER} & set(self.version.aliases)

    @property
    def words(self) -> str:
        """Say what the registry holds of the artefact, as part of a sentence."""
        if self.version is None:
            there = f"; version {self.current.version} is another model" if self.current else ""
            return f"not in the registry{there}"
        held = " and ".join(self.version.aliases) or "neither challenger nor champion"
        return f"version {self.version.version} is {held}"


def registry_states(registry: ModelRegistry) -> tuple[RegistryState, ...]:
    """Compare every fitted model of this project with the registry, by digest.

    A model that is left out, or not trained yet, is not compared.

    Raises:
        RegistryUnreachable: the registry does not answer.
    """
    fitted = {paths.folder.name: paths for paths in ArtifactPaths.all() if _is_fitted(paths)}
    if not fitted:
        return ()
    return tuple(
        registry_state(registry, model, sha256_of(fitted[model].fitted_model))
        for model in load_settings().models
        if model in fitted
    )


def registry_state(registry: ModelRegistry, model: str, digest: str) -> RegistryState:
    """Find what the registry holds of one fitted model."""
    versions = registry.versions(model)
    current = next((v for a in (CHAMPION, CHALLENGER) for v in versions if a in v.aliases), None)
    return RegistryState(model, next((v for v in versions if v.digest == digest), None), current)


def mending_command(models: Iterable[str]) -> str:
    """Name the command that registers the artefacts of some models."""
    return " ".join(("uv run limner register", *models))


def next_command(passed: bool, aliases: Iterable[str], unwritten: bool = False) -> str:
    """Name the command that follows a registration.

    A champion can be served; a challenger that passed its gates waits until a person gives it
    the alias; one that failed them is compared with the figures before. A draft that a person
    has not written to its end (``unwritten``) is first checked for what is open.
    """
    if unwritten:
        return "uv run limner check"
    if CHAMPION in aliases:
        return "uv run limner serve"
    return "uv run limner ui" if passed else "uv run dvc metrics diff"


def _is_fitted(paths: ArtifactPaths) -> bool:
    return paths.fitted_model.is_dir() and why_left_out(paths.fitted_model) is None
