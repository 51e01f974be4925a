"""What each family of models makes of its trees' margins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from limner.domain import band_of
from limner.features.encoding import Matrix
from limner.modelling.fitted import Manifest, ProbabilityPart, SegmentationPart
from limner.outcomes.definitions import Outcome
from limner.scoring.amounts import Amounts
from limner.scoring.choices import Choices
from limner.scoring.scores import (
    ProbabilityScore,
    Reasons,
    Score,
    Scored,
    SegmentScore,
)


class Family(Protocol):
    """How margins, shape (n_customers,) or one a class or product for each, become scores."""

    def scored(self, margins: Matrix) -> Scored:
        """Score as arrays."""

    def scores(self, result: Scored, reasons: Sequence[Reasons]) -> list[Score]:
        """Score customer by customer."""

    def table(self, result: Scored) -> Mapping[str, Any]:
        """Name the columns of a table of scores, each of n_customers values."""

    def explained(self, contributions: Matrix, margins: Matrix) -> Matrix:
        """Take the contributions that explain the score: shape (n_customers, n_features + 1)."""


def family_of(manifest: Manifest) -> Family:
    """Read a fitted model's margins as its family does."""
    if manifest.amount is not None:
        return Amounts(manifest.amount)
    if manifest.segmentation is not None:
        return Segments(manifest.segmentation)
    if manifest.choice is not None:
        return Choices(manifest.choice)
    assert manifest.probability is not None, "a model is of one family"
    return Probabilities(manifest.probability, manifest.outcome)


@dataclass(frozen=True)
class Probabilities:
    """A calibrated probability and what is decided by it."""

    part: ProbabilityPart
    outcome: Outcome

    def scored(self, margins: Matrix) -> Scored:
        probability = self.part.calibration.probability(margins)
        above = self.outcome.favourable_side == "above"
        limit = self.part.threshold
        return Scored(probability, None, probability >= limit if above else probability < limit)

    def scores(self, result: Scored, reasons: Sequence[Reasons]) -> list[Score]:
        points = self._points(result)
        given = repeat(None, len(reasons)) if points is None else points.tolist()
        rows = zip(result.value.tolist(), result.favourable.tolist(), reasons, given, strict=True)
        bands = self.part.bands
        return [ProbabilityScore(p, band_of(p, bands), *others) for p, *others in rows]

    def table(self, result: Scored) -> Mapping[str, Any]:
        bands = self.part.bands
        ends = [band.up_to for band in bands[:-1]]
        # As band_of says: an upper end is in the next band.
        place = np.searchsorted(ends, result.value, side="right")
        points = self._points(result)
        return {
            "probability": result.value,
            "band": np.array([band.name for band in bands], dtype=object)[place],
            **({} if points is None else {"points": points}),
            "favourable": result.favourable,
        }

    def explained(self, contributions: Matrix, margins: Matrix) -> Matrix:
        return contributions

    def _points(self, result: Scored) -> npt.NDArray[np.int64] | None:
        return None if self.part.scale is None else self.part.scale.whole_points(result.value)


@dataclass(frozen=True)
class Segments:
    """The segment of the highest margin."""

    part: SegmentationPart

    def scored(self, margins: Matrix) -> Scored:
        # Of no customers at all XGBoost returns a flat array.
        margins = margins.reshape(-1, len(self.part.segments))
        segment = np.argmax(margins, axis=1)
        shifted = np.exp(margins.astype(np.float64) - margins.max(axis=1, keepdims=True))
        confidence = shifted.max(axis=1) / shifted.sum(axis=1)
        offered = np.array([s.offered for s in self.part.segments])
        return Scored(confidence, segment, offered[segment])

    def scores(self, result: Scored, reasons: Sequence[Reasons]) -> list[Score]:
        segments = [self.part.segments[i] for i in _assigned(result)]
        rows = zip(result.value.tolist(), result.favourable.tolist(), reasons, strict=True)
        return [
            SegmentScore(segment, confidence, decided, why)
            for segment, (confidence, decided, why) in zip(segments, rows, strict=True)
        ]

    def table(self, result: Scored) -> Mapping[str, Any]:
        segments = self.part.segments
        assigned = _assigned(result)
        return {
            "segment": np.array([s.number for s in segments])[assigned],
            "name": np.array([s.name.en for s in segments], dtype=object)[assigned],
            "confidence": result.value,
            "favourable": result.favourable,
        }

    def explained(self, contributions: Matrix, margins: Matrix) -> Matrix:
        own: Matrix = contributions[np.arange(len(contributions)), np.argmax(margins, axis=1)]
        return own


def _assigned(result: Scored) -> npt.NDArray[np.int64]:
    assert result.segment is not None, "a segmentation assigns segments"
    return result.segment
