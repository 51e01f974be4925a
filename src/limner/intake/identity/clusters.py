"""From pairs to customers: connected records, unless that would chain strangers together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from limner.errors import DecisionsInvalid
from limner.intake.identity.decisions import Pair, Verdict, pair_of

CONFLICTING_IDS = "would join conflicting national ids"
TOO_LARGE = "would make too large a cluster"
DECIDED_APART = "would join records that a person decided are different"


@dataclass
class Clusters:
    """Records joined so far. Joining asks every guard; only a person overrides them."""

    national_ids: Mapping[str, str]
    decided: Mapping[Pair, Verdict]
    largest: int
    _members: dict[str, list[str]] = field(default_factory=dict)

    def members(self, record: str) -> list[str]:
        """Return all records of a record's cluster, itself included."""
        return self._members.get(record, [record])

    def joined(self, record_a: str, record_b: str) -> bool:
        return self.members(record_a) is self.members(record_b)

    def join(self, record_a: str, record_b: str) -> str | None:
        """Join two records' clusters, or return why a guard refuses."""
        if self.joined(record_a, record_b):
            return None
        refusal = self._refusal(self.members(record_a), self.members(record_b))
        if refusal is None:
            self._merge(record_a, record_b)
        return refusal

    def join_decided(self, file: str) -> None:
        """Join what a person decided is the same.

        Raises:
            DecisionsInvalid: the decisions contradict each other.
        """
        for (a, b), verdict in self.decided.items():
            if verdict == "same" and not self.joined(a, b):
                self._merge(a, b)
        for (a, b), verdict in self.decided.items():
            if verdict == "different" and self.joined(a, b):
                raise DecisionsInvalid(
                    file, f"{a} and {b} are decided different, but the same through other pairs:"
                    " decide one of these pairs again"
                )  # fmt: skip

    def _merge(self, record_a: str, record_b: str) -> None:
        merged = [*self.members(record_a), *self.members(record_b)]
        self._members |= dict.fromkeys(merged, merged)

    def _refusal(self, left: list[str], right: list[str]) -> str | None:
        if any(self.decided.get(pair_of(a, b)) == "different" for a in left for b in right):
            return DECIDED_APART
        if len(left) + len(right) > self.largest:
            return TOO_LARGE
        ids_left, ids_right = self._ids(left), self._ids(right)
        if any(not at_most_one_slip(a, b) for a in ids_left for b in ids_right):
            return CONFLICTING_IDS
        return None

    def _ids(self, records: Iterable[str]) -> set[str]:
        return {self.national_ids[r] for r in records if r in self.national_ids}


def at_most_one_slip(one: str, other: str) -> bool:
    """Whether a single slip of the keyboard makes one text of the other.

    A slip puts one character in, leaves one out, replaces one or swaps two neighbours.

    >>> [at_most_one_slip("1234", other) for other in ("1234", "124", "1324", "1294", "4321")]
    [True, True, True, True, False]
    """
    if one == other:
        return True
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    rest_one, rest_other = one[start:], other[start:]
    return (
        rest_one[1:] == rest_other[1:]
        or rest_one[1:] == rest_other
        or rest_one == rest_other[1:]
        or (rest_one[:2] == rest_other[1::-1] and rest_one[2:] == rest_other[2:])
    )
