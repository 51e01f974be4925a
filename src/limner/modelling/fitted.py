"""The fitted model as an artefact: numbers and text only, whole in itself, no pickle.

A folder holds ``manifest.json`` (all but the trees) and ``model.ubj`` (the trees); of a model of
amounts, ``interval.ubj`` besides (the trees of its interval's ends). ``files.sha256`` states what
each file is: nothing is parsed before that is verified.
Everything that scoring needs is in it, so that a version scores the same after the
code or the settings have moved on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import (
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)

from limner.artifacts import sha256_of, write_text
from limner.contract import Column
from limner.domain import Bilingual, ScoreBand, ScreenedColumn
from limner.errors import ArtifactMissing, LimnerError
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.amount_part import AmountPart
from limner.modelling.calibration import Calibration
from limner.modelling.checked_folder import read_checked, write_checksums
from limner.modelling.choice import ChoicePart
from limner.modelling.gradient_boosting import BoostedTrees, Margins
from limner.modelling.imputation import Imputation
from limner.modelling.record import Record
from limner.modelling.segmentation import Clustering, Stability
from limner.outcomes.definitions import Outcome
from limner.outcomes.point_scale import PointScale
from limner.settings.model import CalibratedOn, Family

MANIFEST_FILE = "manifest.json"
TREES_FILE = "model.ubj"
ENDS_FILE = "interval.ubj"


class ArtifactUnreadable(LimnerError):
    """A fitted model's folder is not one that this version of Limner can read."""

    exit_code = 23

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder, self.reason = folder, reason
        super().__init__(f"{folder} is no fitted model of this version: {reason}")


class Segment(Record):
    """One segment as a person reads it; figures are of the development sample."""

    number: int
    name: Bilingual
    customers: int
    share: float
    response_rate: float
    offered: bool
    defining: tuple["DefiningFeature", ...]


class DefiningFeature(Record):
    """How a segment differs from everyone in one feature."""

    label: Bilingual
    level: str | None
    in_segment: float
    overall: float
    difference: float


class ProbabilityPart(Record):
    """What turns a margin into a calibrated probability, a band and a decision.

    ``scale`` turns the probability into points, where the model decides on credit; older
    versions state none, and give no points. ``calibrated_on`` says which customers taught the
    calibration.
    """

    calibration: Calibration
    bands: tuple[ScoreBand, ...]
    threshold: float
    scale: PointScale | None = None
    calibrated_on: CalibratedOn = "validation"

    @model_serializer(mode="wrap")
    def _without_what_is_usual(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        # Models that were fitted before there were these keep their bytes.
        usual = {"scale": None, "calibrated_on": "validation"}
        written: dict[str, Any] = handler(self)
        return {k: v for k, v in written.items() if k not in usual or v != usual[k]}


class SegmentationPart(Record):
    """Segments, the clustering that made them and how stable it was."""

    clustering: Clustering
    segments: tuple[Segment, ...]
    stability: tuple[Stability, ...]


class Manifest(Record):
    """All of a fitted model but its trees.

    ``example`` is a record made of the development sample's medians and commonest
    values: it shows what a record looks like and is no person's. ``additivity_tolerance`` is
    how far reasons may miss the score they explain; older versions do not state it.
    ``screened`` are columns that the drafting kept out, or kept although strong.
    """

    layout: Literal[1] = 1
    model: str
    title: Bilingual
    portfolio: str
    purpose: str
    use: str
    not_for: str
    outcome: Outcome
    facts: tuple[Column, ...]
    features: tuple[FittedFeature, ...]
    example: Mapping[str, str | int | float | None]
    reasons: int
    additivity_tolerance: float | None = None
    imputation: Imputation | None = None
    probability: ProbabilityPart | None = None
    segmentation: SegmentationPart | None = None
    amount: AmountPart | None = None
    choice: ChoicePart | None = None
    screened: tuple[ScreenedColumn, ...] = ()

    @model_serializer(mode="wrap")
    def _without_what_other_families_lack(
        self, handler: SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        # Models that were fitted before there were these keep their bytes.
        written: dict[str, Any] = handler(self)
        for family in ("amount", "choice"):
            if getattr(self, family) is None:
                del written[family]
        if not self.screened:
            del written["screened"]
        return written

    @property
    def family(self) -> Family:
        """The kind of model, by the part that it has."""
        if self.segmentation is not None:
            return "segmentation"
        if self.amount is not None:
            return "amount"
        return "probability" if self.choice is None else "choice"

    @property
    def columns(self) -> Mapping[str, Column]:
        """The facts that a record may carry, by name."""
        return {column.name: column for column in self.facts}


@dataclass(frozen=True)
class FittedModel:
    """A manifest and its trees; ``ends`` are those of an amount's interval."""

    manifest: Manifest
    trees: BoostedTrees
    ends: BoostedTrees | None = None

    def margins(self, values: Matrix) -> Margins:
        """Score an encoded matrix as the model's family reads it.

        Returns:
            the trees' margins: shape (n_customers,), or (n_customers, n_classes); of amounts
            (n_customers, 3): the expected amount, then the interval's ends.
        """
        margins = self.trees.margins(values)
        if self.ends is None:
            return margins
        # Of no customers at all XGBoost returns a flat array.
        ends = self.ends.margins(values).reshape(len(values), 2)
        return np.column_stack([margins, ends])


def write_model(fitted: FittedModel, folder: Path) -> None:
    """Write its files below ``folder``; equal models give equal bytes."""
    write_text(folder / MANIFEST_FILE, fitted.manifest.model_dump_json(indent=1) + "\n")
    (folder / TREES_FILE).write_bytes(fitted.trees.to_bytes())
    if fitted.ends is not None:
        (folder / ENDS_FILE).write_bytes(fitted.ends.to_bytes())
    write_checksums(folder)


def read_model(folder: Path, threads: int, recorded: str | None = None) -> FittedModel:
    """Read a fitted model whose files are as they were written; nothing in it is executed.

    Args:
        recorded: as for :func:`~limner.modelling.checked_folder.read_checked`.

    Raises:
        ArtifactMissing: a file is not there.
        ArtifactAltered: a file is not as training wrote it; none was parsed.
        ArtifactUnreadable: the manifest is of another layout, or the trees are damaged.
    """
    files = read_checked(folder, recorded)
    try:
        manifest = Manifest.model_validate_json(_content(folder, files, MANIFEST_FILE))
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ArtifactUnreadable(folder, f"{where}: {first['msg']}") from None

    def trees(name: str) -> BoostedTrees:
        try:
            content = _content(folder, files, name)
            return BoostedTrees.from_bytes(content, manifest.features, threads)
        except ValueError as fault:
            raise ArtifactUnreadable(folder, f"{name}: {fault}") from None

    return FittedModel(manifest, trees(TREES_FILE), trees(ENDS_FILE) if manifest.amount else None)


def _content(folder: Path, files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise ArtifactMissing(str(folder / name), "run 'uv run dvc repro' (or 'uv run dvc pull')")
    return files[name]


def digest_of(folder: Path) -> str:
    """SHA-256 over a fitted model's files: equal models, equal digests."""
    return sha256_of(folder)
