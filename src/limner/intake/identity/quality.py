"""How well records were linked, against a truth: only a synthetic or labelled bank has one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from limner.intake.identity.decisions import Pair, pair_of

THRESHOLDS = (0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999)


@dataclass(frozen=True)
class PairwiseFigures:
    """Pairs said to be one person, and of them those that are.

    ``precision`` is right / said and ``recall`` right / true; None where nothing was
    said, or nothing is true.
    """

    said: int
    right: int
    true: int

    @property
    def precision(self) -> float | None:
        return self.right / self.said if self.said else None

    @property
    def recall(self) -> float | None:
        return self.right / self.true if self.true else None


@dataclass(frozen=True)
class IdentityQuality:
    """Pairwise precision and recall of a linkage.

    Attributes:
        merged: at the operating threshold: all pairs of records within a customer, chains
            and decisions included.
        by_threshold: pairs of at least each probability, taken one by one, no chains.
        never_scored: true duplicates that no blocking key found, or that fell below the
            floor, and that no chain joined: they are among the misses of every figure.
        review_pairs: pairs in the clerical-review band.
        review_true: of them, true duplicates.
    """

    records: int
    persons: int
    customers: int
    merged: PairwiseFigures
    by_threshold: tuple[tuple[float, PairwiseFigures], ...]
    never_scored: int
    review_pairs: int
    review_true: int

    def as_dict(self) -> dict[str, object]:
        """Return plain values, ready for JSON."""
        return {
            "records": self.records,
            "persons": self.persons,
            "customers": self.customers,
            "merged": _plain(self.merged),
            "by_threshold": [
                {"probability": level, **_plain(figures)} for level, figures in self.by_threshold
            ],
            "never_scored": self.never_scored,
            "review_pairs": self.review_pairs,
            "review_true": self.review_true,
        }


def evaluate_identity(
    map: pd.DataFrame,
    pairs: pd.DataFrame,
    truth: pd.Series,
    thresholds: Sequence[float] = THRESHOLDS,
) -> IdentityQuality:
    """Hold a linkage against the truth.

    Args:
        map: ``Identity.map``.
        pairs: ``Identity.pairs``.
        truth: the person each record is about, indexed by record id. Records outside
            the map (quarantined before identity) are left out; every record of the map
            must be in it.
    """
    person = truth.reindex(map["record_id"])
    if person.isna().any():
        raise ValueError(f"the truth lacks {int(person.isna().sum()):,} records of the map")
    customer = map.set_index("record_id")["customer_id"]
    true = _true_pairs(person)
    said = int(_pairs_within(customer.value_counts()))
    both = pd.DataFrame({"customer": customer.to_numpy(), "person": person.to_numpy()})
    right = int(_pairs_within(both.value_counts()))
    is_true = _ends(pairs, person, "record_a") == _ends(pairs, person, "record_b")
    waiting = (pairs["zone"] == "review").to_numpy()
    return IdentityQuality(
        records=len(map),
        persons=int(person.nunique()),
        customers=int(customer.nunique()),
        merged=PairwiseFigures(said, right, len(true)),
        by_threshold=_by_threshold(pairs, is_true, len(true), thresholds),
        never_scored=_never_scored(true, pairs, customer),
        review_pairs=int(waiting.sum()),
        review_true=int((waiting & is_true).sum()),
    )


def _by_threshold(
    pairs: pd.DataFrame, is_true: np.ndarray, true: int, thresholds: Sequence[float]
) -> tuple[tuple[float, PairwiseFigures], ...]:
    probability = pairs["probability"].to_numpy(dtype=float)
    return tuple(
        (
            level,
            PairwiseFigures(
                int((probability >= level).sum()),
                int(((probability >= level) & is_true).sum()),
                true,
            ),
        )
        for level in thresholds
    )


def _never_scored(true: Iterable[Pair], pairs: pd.DataFrame, customer: pd.Series) -> int:
    # Pairs named by pseudonyms stand in the order of the records' ids, not in that of the names.
    scored = {pair_of(a, b) for a, b in zip(pairs["record_a"], pairs["record_b"], strict=True)}
    of = customer.to_dict()
    return sum(1 for a, b in true if (a, b) not in scored and of[a] != of[b])


def _true_pairs(person: pd.Series) -> list[Pair]:
    ordered = person.sort_index()
    repeated = ordered[ordered.duplicated(keep=False)]
    groups = repeated.index.to_series().groupby(repeated.to_numpy(), sort=False).agg(list)
    return [
        (group[i], group[j])
        for group in groups
        for i in range(len(group))
        for j in range(i + 1, len(group))
    ]


def _pairs_within(sizes: pd.Series) -> float:
    return float((sizes * (sizes - 1) // 2).sum())


def _ends(pairs: pd.DataFrame, person: pd.Series, end: str) -> np.ndarray:
    return person.reindex(pairs[end]).to_numpy()


def _plain(figures: PairwiseFigures) -> dict[str, float | int | None]:
    return {
        "pairs_said": figures.said,
        "pairs_right": figures.right,
        "pairs_true": figures.true,
        "precision": None if figures.precision is None else round(figures.precision, 6),
        "recall": None if figures.recall is None else round(figures.recall, 6),
    }
