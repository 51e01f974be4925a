"""What is predicted, and which way is favourable to the customer: named definitions.

An outcome stands in ``definitions.py`` or, as ``OUTCOME``, in a module of its own name.
"""

from limner.errors import UnknownName
from limner.outcomes.dated import DatedOutcome
from limner.outcomes.dated_amounts import DATED_AMOUNTS
from limner.outcomes.dated_definitions import DATED_OUTCOMES
from limner.outcomes.definitions import OUTCOMES, Outcome
from limner.outcomes.own_definitions import OWN_OUTCOMES
from limner.plug_ins import find_module, module_names

_NO_OUTCOME = (
    "dated", "dated_amounts", "dated_definitions", "definitions", "own_definitions", "point_scale",
    "products", "value",
)  # fmt: skip
_DATED: tuple[DatedOutcome, ...] = (*DATED_OUTCOMES, *DATED_AMOUNTS, *OWN_OUTCOMES)


def outcome_names() -> tuple[str, ...]:
    """Name every outcome, in alphabetical order."""
    stated = (outcome.name for outcome in OUTCOMES)
    return tuple(
        sorted(
            {
                *stated,
                *module_names(__path__, besides=_NO_OUTCOME),
            }
        )
    )


def find_outcome(name: str) -> Outcome:
    """Return an outcome by name; a dated one as the column of a sample that it becomes.

    Raises:
        UnknownName: no such outcome is defined.
    """
    stated = (*OUTCOMES, *(outcome.undated for outcome in _DATED))
    found: Outcome | None = next((o for o in stated if o.name == name), None)
    if found is None:
        found = find_module(__name__, "outcome", name, outcome_names()).OUTCOME
    return found


def find_dated_outcome(name: str) -> DatedOutcome:
    """Return a dated outcome, of a relational portfolio, by name.

    Raises:
        UnknownName: no such dated outcome is defined.
    """
    found = next((outcome for outcome in _DATED if outcome.name == name), None)
    if found is None:
        raise UnknownName("dated outcome", name, (outcome.name for outcome in _DATED))
    return found
