"""Champion against challenger: both on the same customers, by paired bootstrap."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.amount_figures import compare_amounts
from limner.assessment.bootstrap import Clusters, Floats
from limner.assessment.comparison_evidence import PairedComparison
from limner.assessment.estimate import Evidence
from limner.assessment.paired import compare_paired
from limner.assessment.segment_comparison import SegmentComparison, compare_segments
from limner.choice_appraisal import compare_products
from limner.domain import JUDGED
from limner.errors import LimnerError
from limner.modelling.fitted import FittedModel, read_model
from limner.modelling.training import facts_of
from limner.registry.protocol import CHAMPION, ModelRegistry, RegisteredVersion
from limner.samples import customer_numbers, sample_rows, samples_present
from limner.scoring import Scored, matrix_of, scored
from limner.settings import Settings

CHALLENGER_NAME, CHAMPION_NAME = "challenger", "champion"


class ChampionComparison(Evidence):
    """A new version beside the champion that was there when it was registered.

    Attributes:
        comparisons: one a sample, the challenger first. The champion may have been fitted on
            some of these customers where the split was another then: that favours it.
        segments: of a model of segments the same: nothing that came of customers says which
            version is better, but who would change is told.
        not_compared: why there is none, or None.
    """

    champion_version: int
    champion_digest: str
    challenger_digest: str
    comparisons: tuple[PairedComparison, ...]
    not_compared: str | None
    segments: tuple[SegmentComparison, ...] = ()


def compare_with_champion(
    registry: ModelRegistry, fitted: FittedModel, digest: str, customers: pd.DataFrame,
    settings: Settings,
) -> ChampionComparison | None:  # fmt: skip
    """Score the judging samples with both and compare; None where there is nothing to compare.

    Args:
        digest: of ``fitted``; a champion of the same digest is the same model.
        customers: the samples that ``fitted`` was built and is judged on.

    Raises:
        RegistryUnreachable: the registry does not answer.
    """
    champion = registry.version_by_alias(fitted.manifest.model, CHAMPION)
    if champion is None or champion.digest == digest:
        return None
    comparisons: tuple[PairedComparison, ...] = ()
    segments: tuple[SegmentComparison, ...] = ()
    reason = None
    try:
        kept = _champion(registry, champion, settings)
        reason = _why_not(fitted, kept, customers)
        if reason is None and fitted.manifest.segmentation:
            segments = _segments(fitted, kept, customers, settings)
        elif reason is None:
            comparisons = _compare(fitted, kept, customers, settings)
            reason = None if comparisons else "the two ask about no product in common"
    except LimnerError as fault:
        # A champion of another time need not be readable, or know today's categories.
        reason = str(fault)
    return ChampionComparison(
        champion_version=champion.version,
        champion_digest=champion.digest,
        challenger_digest=digest,
        comparisons=comparisons,
        not_compared=reason,
        segments=segments,
    )


def _champion(
    registry: ModelRegistry, version: RegisteredVersion, settings: Settings
) -> FittedModel:
    with tempfile.TemporaryDirectory() as folder:
        fitted = registry.fetch(version, Path(folder))
        return read_model(fitted, settings.runtime.threads, version.digest)


def _why_not(challenger: FittedModel, champion: FittedModel, customers: pd.DataFrame) -> str | None:
    gives = {
        "amount": "amount", "probability": "probability", "choice": "products",
        "segmentation": "segments",
    }  # fmt: skip
    if challenger.manifest.family != champion.manifest.family:
        return f"the champion gives no {gives[challenger.manifest.family]}"
    part = champion.manifest.choice
    outcomes = [p.column for p in part.products] if part else [champion.manifest.outcome.column]
    lacking = [c for c in (*champion.manifest.columns, *outcomes) if c not in customers]
    return f"the sample lacks columns of the champion: {', '.join(lacking)}" if lacking else None


def _compare(
    challenger: FittedModel, champion: FittedModel, customers: pd.DataFrame, settings: Settings
) -> tuple[PairedComparison, ...]:
    found: list[PairedComparison] = []
    for sample, frame in _judged(customers):
        if challenger.manifest.choice:
            found += compare_products(
                sample, (CHALLENGER_NAME, challenger), {CHAMPION_NAME: champion}, frame, settings
            )
            continue
        outcome = frame[challenger.manifest.outcome.column].to_numpy()
        beside = _score(challenger, frame).value, _score(champion, frame).value, outcome
        compared = _amounts if challenger.manifest.amount else _probabilities
        found.append(compared(sample, *beside, settings, customer_numbers(frame)))
    return tuple(found)


def _segments(
    challenger: FittedModel, champion: FittedModel, customers: pd.DataFrame, settings: Settings
) -> tuple[SegmentComparison, ...]:
    def told(name: str, fitted: FittedModel, frame: pd.DataFrame) -> Any:
        part, found = fitted.manifest.segmentation, _score(fitted, frame).segment
        assert part
        return name, found, [segment.name for segment in part.segments]

    return tuple(
        compare_segments(
            sample, told(CHALLENGER_NAME, challenger, frame), told(CHAMPION_NAME, champion, frame),
            settings.assessment, settings.seed, customer_numbers(frame),
        )
        for sample, frame in _judged(customers)
    )  # fmt: skip


def _judged(customers: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for sample in samples_present(customers):
        if sample.value in JUDGED:
            yield sample.value, sample_rows(customers, sample)


def _probabilities(
    sample: str, challenger: Floats, champion: Floats, outcome: npt.NDArray[np.int64],
    settings: Settings, clusters: Clusters | None,
) -> PairedComparison:  # fmt: skip
    return compare_paired(
        sample, (CHALLENGER_NAME, challenger), (CHAMPION_NAME, champion), outcome,
        settings.assessment, settings.seed, clusters,
    )  # fmt: skip


def _amounts(
    sample: str, challenger: Floats, champion: Floats, amounts: npt.NDArray[np.int64],
    settings: Settings, clusters: Clusters | None,
) -> PairedComparison:  # fmt: skip
    return compare_amounts(
        sample, (CHALLENGER_NAME, challenger), {CHAMPION_NAME: champion},
        amounts.astype(np.float64), settings.assessment, settings.seed, clusters,
    )[0]  # fmt: skip


def _score(fitted: FittedModel, frame: pd.DataFrame) -> Scored:
    facts = facts_of(frame, fitted.manifest.columns)
    return scored(fitted, matrix_of(fitted, facts, f"model {fitted.manifest.model}"))
