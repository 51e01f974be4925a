"""One small file a model: population, outcome, features, constraints."""

from limner.models.spec import ModelSpec
from limner.plug_ins import find_module, module_names


def model_names() -> tuple[str, ...]:
    """Name every model that has a module here, in alphabetical order."""
    besides = (
        "delayed_evaluation",
        "evaluation",
        "fitting",
        "input_checks",
        "learning",
        "left_out",
        "population",
        "spec",
        "tuning",
    )
    return module_names(__path__, besides)


def find_spec(name: str) -> ModelSpec:
    """Return the definition in ``models/<name>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    found: ModelSpec = find_module(__name__, "model", name, model_names()).SPEC
    return found
