"""Two versions' segments of the same customers: how alike, and who would change."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from limner.assessment.bootstrap import Clusters, Floats, estimate, resample_cells
from limner.assessment.estimate import Estimate, Evidence
from limner.assessment.month_to_month import Segments, adjusted_rand
from limner.domain import Bilingual
from limner.settings import AssessmentSettings


class SegmentComparison(Evidence):
    """One sample, put into segments by two versions.

    Attributes:
        rows: of the sample.
        adjusted_rand: 1 where the two part customers alike, 0 as alike as by chance.
        moved: share of rows that are not where most of their second segment's rows went, each
            segment of the first taken for one of the second at most.
        first_segments, second_segments: names.
        meet: rows by segment of the second version (one line each) and of the first.
        matched: number of the first's segment that each of the second's is taken for; None where
            the first has none left.
    """

    sample: str
    first: str
    second: str
    rows: int
    adjusted_rand: Estimate
    moved: Estimate
    first_segments: tuple[Bilingual, ...]
    second_segments: tuple[Bilingual, ...]
    meet: tuple[tuple[int, ...], ...]
    matched: tuple[int | None, ...]


def compare_segments(
    sample: str, first: tuple[str, Segments, Sequence[Bilingual]],
    second: tuple[str, Segments, Sequence[Bilingual]], settings: AssessmentSettings, seed: int,
    clusters: Clusters | None = None,
) -> SegmentComparison:  # fmt: skip
    """Compare two versions by their names, the segment of each row, and the segments' names.

    Args:
        clusters: number of each row's customer, where one has several rows.
    """
    shape = len(second[2]), len(first[2])
    cell = second[1] * shape[1] + first[1]
    meet = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    drawn = resample_cells(cell, shape, settings.resamples, seed, clusters)
    matched = _matched(meet)
    rand, moved = (
        estimate(float(figure(meet.astype(np.float64))), figure(drawn), settings.confidence)
        for figure in (adjusted_rand, lambda tables: _moved(tables, matched))
    )
    return SegmentComparison(
        sample=sample,
        first=first[0],
        second=second[0],
        rows=len(cell),
        adjusted_rand=rand,
        moved=moved,
        first_segments=tuple(first[2]),
        second_segments=tuple(second[2]),
        meet=tuple(tuple(line) for line in meet.tolist()),
        matched=tuple(matched.get(place) for place in range(shape[0])),
    )


def _matched(meet: npt.NDArray[np.int64]) -> dict[int, int]:
    """Take each segment of the second for another of the first, so that most rows stay."""
    from scipy.optimize import linear_sum_assignment

    return dict(zip(*(side.tolist() for side in linear_sum_assignment(-meet)), strict=True))


def _moved(tables: Floats, matched: dict[int, int]) -> Floats:
    kept = tables[..., list(matched), list(matched.values())].sum(axis=-1)
    return np.asarray(1 - kept / np.maximum(tables.sum(axis=(-2, -1)), 1.0))
