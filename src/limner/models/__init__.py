"""One small file a model: population, outcome, features, constraints."""

from importlib import import_module
from pkgutil import iter_modules

from limner.errors import UnknownName
from limner.models.spec import ModelSpec

_NOT_MODELS = {"fitting", "spec"}


def model_names() -> tuple[str, ...]:
    """Name every model that has a module here, in alphabetical order."""
    return tuple(sorted({module.name for module in iter_modules(__path__)} - _NOT_MODELS))


def find_spec(name: str) -> ModelSpec:
    """Return the definition in ``models/<name>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    if name not in model_names():
        raise UnknownName("model", name, model_names())
    spec: ModelSpec = import_module(f"{__name__}.{name}").SPEC
    return spec
