"""DVC stage ``overview``, the last of every run: each model's verdict and page, and what is next.

It writes nothing. It runs each time, because the registry is no part of what DVC watches.
"""

from collections.abc import Sequence

from limner.artifacts import ArtifactPaths, read_json
from limner.governance.gates import GateReport
from limner.governance.registry_state import (
    RegistryState,
    mending_command,
    next_command,
    registry_states,
)
from limner.governance.unwritten import verdict_words
from limner.registry.default import open_registry
from limner.registry.protocol import RegistryUnreachable
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def overview() -> None:
    """Tell what every model's gates found, what to open, and where the registry differs."""
    try:
        states = registry_states(open_registry())
    except RegistryUnreachable as error:
        # What was made is whole: a run does not fail because nobody answers now.
        progress(f"not compared with the registry: {error}")
        states = ()
    known = {state.model: state for state in states}
    for model in load_settings().models:
        progress(_line(model, known.get(model)))
    progress(_next(states))


def _line(model: str, state: RegistryState | None) -> str:
    paths = ArtifactPaths.of(model)
    gates = read_json(paths.gates)
    if reason := gates.get("left_out"):
        return f"{model:26} left out: {reason}"
    told = f"; {state.words}" if state else ""
    verdict = verdict_words(GateReport.model_validate(gates))
    return f"{model:26} {verdict}{told}; {paths.review_page}"


def _next(states: Sequence[RegistryState]) -> str:
    if differing := [state.model for state in states if state.differs]:
        several = "models differ" if len(differing) > 1 else "model differs"
        told = f"{len(differing)} {several} from the registry"
        # Without a name, the command registers every model.
        named = differing if len(differing) < len(states) else ()
        return f"{told}; next: {mending_command(named)}"
    aliases = {alias for state in states if state.version for alias in state.version.aliases}
    then = f", then {next_command(passed=True, aliases=aliases)}" if aliases else ""
    return f"next: open a model's page in a browser{then}"


if __name__ == "__main__":
    run_from_command_line(overview)
