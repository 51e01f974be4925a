"""What rivals are written as: numbers and text; their trees lie beside it."""

from limner.contract import Column
from limner.features.encoding import FittedFeature
from limner.modelling.amount_rivals import AmountRivalsRecord
from limner.modelling.calibration import Calibration
from limner.modelling.calibration_choice import CalibrationChoice
from limner.modelling.record import Record
from limner.modelling.woe_scorecard import WoeScorecard
from limner.settings import ValueMatrix


class BaselineRecord(Record):
    """The weight-of-evidence scorecard and its calibration on validation."""

    scorecard: WoeScorecard
    calibration: Calibration


class TreesRecord(Record):
    """Trees that differ from the model in one thing, or XGBoost's defaults; of a ``fraction``."""

    name: str
    fraction: float
    rows: int
    rounds: int
    calibration: Calibration


class ValueRecord(Record):
    """A cost matrix, and the thresholds of highest value on validation."""

    matrix: ValueMatrix
    threshold: float
    baseline_threshold: float


class ProductBaseline(Record):
    """The scorecard of one product, fitted and calibrated on those who lack it."""

    kind: str
    baseline: BaselineRecord


class PartRecord(Record):
    """A whole model fitted on part of development, in a folder of its ``name``."""

    name: str
    fraction: float
    rows: int


class ProtectedRecord(Record):
    """The reference with the protected attributes that the model lacks; its trees lie beside."""

    columns: tuple[Column, ...]
    features: tuple[FittedFeature, ...]
    rounds: int
    calibration: Calibration


class RivalsRecord(Record):
    """All of the rivals but their trees; nothing of it for a model without probabilities.

    ``products`` has a baseline for each product of a model that asks about several. ``parts``
    are the same model's of less data, where it is more than trees and a calibration.
    """

    declared_calibration: str | None = None
    calibrations: CalibrationChoice | None = None
    baseline: BaselineRecord | None = None
    trees: tuple[TreesRecord, ...] = ()
    value: ValueRecord | None = None
    amount: AmountRivalsRecord | None = None
    products: tuple[ProductBaseline, ...] = ()
    parts: tuple[PartRecord, ...] = ()
    protected: ProtectedRecord | None = None
