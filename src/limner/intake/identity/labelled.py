"""A bank's own linkage held against the truth: for a person who asks, never within the flow."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from limner.errors import TruthUnknown
from limner.intake.identity.files import read_map, read_pairs
from limner.intake.identity.quality import IdentityQuality, PairwiseFigures, evaluate_identity
from limner.intake.privacy.keys import SecretKey
from limner.intake.privacy.pseudonyms import pseudonym


@dataclass(frozen=True)
class ScoredLinkage:
    """What a linkage is worth.

    Attributes:
        unlabelled: trusted records of which the truth says nothing, left out of all figures.
    """

    quality: IdentityQuality
    unlabelled: int


def score_linkage(bank: str, identity: Path, truth: Path, key: SecretKey) -> ScoredLinkage:
    """Hold the identity that an intake wrote against the truth.

    Args:
        identity: folder of the intake's identity, its records named by pseudonyms.
        truth: file with the systems' own ``record_id`` and the ``person_id`` it is about.
        key: of the pseudonyms.

    Raises:
        ArtifactMissing: the bank has not been taken in.
        TruthUnknown: there is no truth.
    """
    linked, pairs = read_map(identity), read_pairs(identity)
    if not truth.is_file():
        raise TruthUnknown(bank, str(truth))
    people = pd.read_parquet(truth, columns=["record_id", "person_id"])
    records = [pseudonym(str(record), "customer", key) for record in people["record_id"]]
    person = pd.Series(people["person_id"].to_numpy(), index=records)
    known = linked["record_id"].isin(person.index)
    labelled = set(linked.loc[known, "record_id"])
    both = pairs["record_a"].isin(labelled) & pairs["record_b"].isin(labelled)
    quality = evaluate_identity(linked[known], pairs[both], person)
    return ScoredLinkage(quality, int((~known).sum()))


def describe(scored: ScoredLinkage, accept: float) -> list[str]:
    """Write a score for a terminal, the operating threshold first."""
    found, merged = scored.quality, scored.quality.merged
    missed = merged.true - merged.right
    return [
        f"{found.records:,} records of {found.persons:,} persons are {found.customers:,} customers;"
        f" {scored.unlabelled:,} records without a label are left out",
        f"at the operating threshold of {accept}, decisions and chains included:",
        f"  {_shares(merged)}",
        f"  false merges   {merged.said - merged.right:>9,} of {merged.said:,} pairs merged",
        f"  missed         {missed:>9,} of {merged.true:,} true pairs, of which",
        f"    never scored {found.never_scored:>9,} found by no blocking key, or below the floor",
        f"    waiting      {found.review_true:>9,} of {found.review_pairs:,} pairs that wait for"
        " a person",
        "pairs of at least a match probability, one by one:",
        *(f"  {level:<6} {_shares(figures)}" for level, figures in found.by_threshold),
    ]


def _shares(figures: PairwiseFigures) -> str:
    return f"precision {_share(figures.precision)}   recall {_share(figures.recall)}"


def _share(share: float | None) -> str:
    """Never round a fault away.

    >>> _share(1.0), _share(0.99999999), _share(None)
    ('1.000000', '<1.00000', '-')
    """
    if share is None:
        return "-"
    return "<1.00000" if share < 1 and round(share, 6) == 1 else f"{share:.6f}"
