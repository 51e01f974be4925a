"""What is predicted, and which way is favourable to the customer: named definitions."""

from limner.errors import UnknownName
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
