"""What is predicted, and which way is favourable to the customer: named definitions."""

from limner.errors import UnknownName
from limner.outcomes.dated import DatedOutcome
from limner.outcomes.dated_definitions import DATED_OUTCOMES
from limner.outcomes.definitions import OUTCOMES, Outcome


def find_outcome(name: str) -> Outcome:
    """Return an outcome by name.

    Raises:
        UnknownName: no such outcome is defined.
    """
    found = next((outcome for outcome in OUTCOMES if outcome.name == name), None)
    if found is None:
        raise UnknownName("outcome", name, (outcome.name for outcome in OUTCOMES))
    return found


def find_dated_outcome(name: str) -> DatedOutcome:
    """Return a dated outcome, of a relational portfolio, by name.

    Raises:
        UnknownName: no such dated outcome is defined.
    """
    found = next((outcome for outcome in DATED_OUTCOMES if outcome.name == name), None)
    if found is None:
        raise UnknownName("dated outcome", name, (outcome.name for outcome in DATED_OUTCOMES))
    return found
