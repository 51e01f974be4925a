"""Fit a model of several products: one ensemble with a margin a product, then its decisions."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.domain import Bilingual
from limner.errors import NothingToChoose
from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.calibration import Calibration
from limner.modelling.calibration_choice import calibrate
from limner.modelling.choice import ChoicePart, ChoiceProduct, Flags, ProductLeftOut, holdings
from limner.modelling.gradient_boosting import BoostedTrees, LabelledMatrix, fit_trees
from limner.modelling.training import (
    Fit,
    Progress,
    TrainingData,
    encoded_samples,
    fitted_features,
)
from limner.outcomes.products import Product
from limner.samples import CUSTOMER_COLUMN, customer_numbers
from limner.settings import ChoiceSettings, ModelSettings

Labels = npt.NDArray[np.int64]

# Log-odds: one in three million.
_NEVER = -15.0


class ProductLabels(NamedTuple):
    """Who took which product of those that they lacked: both of shape (n_rows, n_products)."""

    taken: Labels
    lacking: Flags


def product_labels(
    columns: Sequence[str], held_by: Sequence[str], features: Sequence[FittedFeature],
    values: Matrix, frame: pd.DataFrame,
) -> ProductLabels:  # fmt: skip
    """Read a sample's outcomes, a column a product; a second one of a kind is none."""
    lacking = ~holdings(held_by, features, values)
    return ProductLabels((frame[list(columns)].to_numpy() * lacking).astype(np.int64), lacking)


def fit_choice(
    data: TrainingData, settings: ModelSettings, folds: int, seed: int, threads: int,
    progress: Progress,
) -> Fit:  # fmt: skip
    """Fit trees on development; stop, calibrate each product and set the threshold on validation.

    All products share the quantised matrix and the rounds; each has trees of its own. A
    product is calibrated on those who lack it.

    Args:
        folds: of validation, on which a calibration is chosen where the settings say ``auto``.

    Raises:
        NothingToChoose: no product is left to ask about.
        TooFewForFolds: an outcome has fewer customers in validation than there are folds.
    """
    assert settings.calibration and settings.choice and settings.favourable_share
    features = fitted_features(data)
    development, validation = encoded_samples(data, features)
    asked, left_out = part_products(data, features, development, settings.choice)
    for product in left_out:
        progress(f"not asked about: {product.kind} ({product.reason.en})")
    if not asked:
        raise NothingToChoose(data.model, [product.kind for product in left_out])
    labels, stopping_labels = (
        _labels(asked, features, values, frame)
        for values, frame in ((development, data.development), (validation, data.validation))
    )
    rates = labels.taken.sum(axis=0) / labels.lacking.sum(axis=0)
    trees, curve = fit_trees(
        _among_lacking(development, labels, rates),
        _among_lacking(validation, stopping_labels, rates),
        features, settings.training, classes=2, seed=seed, threads=threads, rates=rates.tolist(),
    )  # fmt: skip
    calibrations = _calibrations(data, trees, validation, stopping_labels, settings, folds, seed)
    part = ChoicePart(
        products=_products(data, asked, labels, calibrations, settings.choice),
        threshold=0.0,
        left_out=left_out,
    )
    highest = _highest(part, trees, features, validation)
    threshold = float(np.quantile(highest, 1 - settings.favourable_share))
    part = part.model_copy(update={"threshold": threshold})
    return Fit(features, trees, curve, None, None, choice=part)


def _labels(
    asked: Sequence[Product], features: Sequence[FittedFeature], values: Matrix,
    frame: pd.DataFrame,
) -> ProductLabels:  # fmt: skip
    columns = [product.column for product in asked]
    return product_labels(columns, [_held_by(p) for p in asked], features, values, frame)


def _held_by(product: Product) -> str:
    assert product.held_by is not None, (
        "a product is not asked about where nobody knows its holders"
    )
    return product.held_by


def _products(
    data: TrainingData, asked: Sequence[Product], labels: ProductLabels,
    calibrations: Sequence[Calibration], wanted: ChoiceSettings,
) -> tuple[ChoiceProduct, ...]:  # fmt: skip
    return tuple(
        ChoiceProduct(
            kind=product.kind,
            words=product.words,
            column=product.column,
            held_by=_held_by(product),
            value=wanted.values.get(product.kind, 1.0),
            calibration=calibration,
            takers=_customers(data.development, labels.taken[:, place]),
        )
        for place, (product, calibration) in enumerate(zip(asked, calibrations, strict=True))
    )


def _among_lacking(
    values: Matrix, labels: ProductLabels, rates: npt.NDArray[np.float64]
) -> LabelledMatrix:
    """Let boosting start from each product's rate, and from never where one is held already.

    There it finds nothing to learn: gradient and hessian are next to nothing, so that trees
    part those who lack a product, and not them from those who hold it.
    """
    start = np.where(labels.lacking, np.log(rates) - np.log1p(-rates), _NEVER)
    return LabelledMatrix(values, labels.taken, start)


def part_products(
    data: TrainingData, features: Sequence[FittedFeature], development: Matrix,
    wanted: ChoiceSettings,
) -> tuple[tuple[Product, ...], tuple[ProductLeftOut, ...]]:  # fmt: skip
    """Tell the products that can be asked about from those that cannot, each with its reason."""
    known = {fitted.feature.name for fitted in features}
    asked, left_out = [], []
    for product in data.products:
        reason = _why_not(product, data, features, development, wanted, known)
        if reason is None:
            asked.append(product)
        else:
            left_out.append(ProductLeftOut(kind=product.kind, words=product.words, reason=reason))
    return tuple(asked), tuple(left_out)


def _why_not(
    product: Product, data: TrainingData, features: Sequence[FittedFeature], development: Matrix,
    wanted: ChoiceSettings, known: set[str],
) -> Bilingual | None:  # fmt: skip
    if product.held_by is None:
        return Bilingual("no feature tells who holds one already", "没有特征能说明谁已持有")
    if product.held_by not in known:
        return Bilingual(
            "who holds one already may not be known for the model's purpose:"
            f" {product.held_by} is none of its features",
            f"就本模型的目的而言，不得知晓谁已持有（不使用特征 {product.held_by}）",
        )
    lacking = ~holdings([product.held_by], features, development)[:, 0]
    takers = _customers(data.development, data.development[product.column].to_numpy() * lacking)
    if takers < wanted.least_events:
        return Bilingual(
            f"{takers:,} customers of development took one, fewer than {wanted.least_events:,}",
            f"开发样本中仅 {takers:,} 位客户购买，少于 {wanted.least_events:,} 位",
        )
    return None


def _customers(frame: pd.DataFrame, taken: npt.NDArray[np.int64]) -> int:
    """Count the customers who took a product, each once however many rows say so."""
    if CUSTOMER_COLUMN not in frame:
        return int(taken.sum())
    return int(frame.loc[taken == 1, CUSTOMER_COLUMN].nunique())


def _calibrations(
    data: TrainingData, trees: BoostedTrees, validation: Matrix, labels: ProductLabels,
    settings: ModelSettings, folds: int, seed: int,
) -> list[Calibration]:  # fmt: skip
    assert settings.calibration
    margins = trees.margins(validation).reshape(labels.taken.shape)
    return [
        calibrate(
            settings.calibration, data.model, margins[lacking, place],
            labels.taken[lacking, place], folds, seed, customer_numbers(data.validation[lacking]),
        )
        for place, lacking in enumerate(labels.lacking.T)
    ]  # fmt: skip


def _highest(
    part: ChoicePart, trees: BoostedTrees, features: Sequence[FittedFeature], values: Matrix
) -> npt.NDArray[np.float64]:
    """Value each customer's recommended product; 0 for whoever holds everything."""
    margins = part.asked(trees.margins(values), features, values)
    expected = part.expected(part.probabilities(margins))
    return np.asarray(expected.max(axis=1, initial=0.0))
