"""Who becomes champion."""

from limner.governance.gates import GateReport
from limner.registry.protocol import CHALLENGER, CHAMPION, ModelRegistry, RegisteredVersion


def promote(
    registry: ModelRegistry, version: RegisteredVersion, gates: GateReport
) -> tuple[str, ...]:
    """Make a version the challenger, and champion if it is the first to pass its gates.

    A champion that is there stays until a person replaces it.

    Returns:
        the aliases that the version holds now.
    """
    registry.set_alias(version.model, CHALLENGER, version.version)
    champion = registry.version_by_alias(version.model, CHAMPION)
    if champion is None and gates.verdict == "passed":
        registry.set_alias(version.model, CHAMPION, version.version)
        return CHALLENGER, CHAMPION
    if champion is not None and champion.version == version.version:
        return CHALLENGER, CHAMPION
    return (CHALLENGER,)
