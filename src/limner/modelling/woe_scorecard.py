"""The baseline: a logistic scorecard on weight-of-evidence bins, as banks have long had.

Binned by scikit-learn's decision trees. OptBinning would bin as well, but brings two
mixed-integer solvers and a convex one, several times the import of a whole assessment.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from limner.features.encoding import FittedFeature, Matrix
from limner.modelling.record import Record
from limner.settings import RivalSettings

Floats = npt.NDArray[np.float64]
Outcome = npt.NDArray[np.int64]

# Half a customer on either side keeps the weight of a bin without an event finite.
_HALF_A_CUSTOMER = 0.5


class BinnedFeature(Record):
    """One feature in bins, with the log-odds that each adds.

    Attributes:
        edges: upper ends of all bins but the last, of numbers; empty for categories.
        weights: weight of evidence by bin, or by category code.
        missing: weight of evidence of a missing value; 0 where development had none.
        coefficient: what the logistic regression makes of the weights, above 0.
    """

    feature: str
    is_category: bool
    edges: tuple[float, ...]
    weights: tuple[float, ...]
    missing: float
    coefficient: float

    def evidence(self, values: npt.NDArray[np.float32]) -> Floats:
        """Weight of evidence of each value, shape (n_customers,)."""
        absent = np.isnan(values)
        known = np.where(absent, 0, values)
        if self.is_category:
            place = known.astype(np.int64)
        else:
            place = np.searchsorted(np.array(self.edges, dtype=np.float32), known, side="left")
        return np.where(absent, self.missing, np.array(self.weights)[place])


class WoeScorecard(Record):
    """Logistic regression on weights of evidence; features that spoke against it are left out."""

    intercept: float
    features: tuple[BinnedFeature, ...]

    def margins(self, features: Sequence[FittedFeature], values: Matrix) -> Floats:
        """Score an encoded matrix in log-odds: shape (n_customers,)."""
        place = {fitted.feature.name: i for i, fitted in enumerate(features)}
        margin = np.full(len(values), self.intercept)
        for binned in self.features:
            margin += binned.coefficient * binned.evidence(values[:, place[binned.feature]])
        return margin


def fit_woe_scorecard(
    features: Sequence[FittedFeature], values: Matrix, outcome: Outcome, settings: RivalSettings,
    *, most: int | None = None,
) -> WoeScorecard:  # fmt: skip
    """Bin every feature by its outcomes, then weigh the features against each other.

    Bins of a feature with a direction keep it. A feature whose coefficient is not above 0
    would turn its own evidence round: it is left out, the worst first, as is the custom.
    So is one of less than the least information value.

    Args:
        values: encoded development sample, shape (n_customers, n_features).
        outcome: 0 or 1, shape (n_customers,), both present.
        most: features to weigh against each other, those of the highest information value;
            None for all.

    Source:
        Siddiqi (2006), Credit Risk Scorecards.
    """
    binned = [
        _bin_feature(fitted, values[:, i], outcome, settings) for i, fitted in enumerate(features)
    ]
    design = np.stack([b.evidence(values[:, i]) for i, b in enumerate(binned)], axis=1)
    information = [_information(design[:, i], outcome) for i in range(len(binned))]
    used = [
        i for i in range(len(binned))
        if np.ptp(design[:, i]) > 0 and information[i] >= settings.baseline_minimum_information
    ]  # fmt: skip
    if most is not None:
        used = sorted(sorted(used, key=lambda i: -information[i])[:most])
    while used:
        coefficients, intercept = _regress(design[:, used], outcome)
        worst = int(np.argmin(coefficients))
        if coefficients[worst] > 0:
            kept = zip(used, coefficients, strict=True)
            return WoeScorecard(
                intercept=intercept,
                features=tuple(
                    binned[i].model_copy(update={"coefficient": float(c)}) for i, c in kept
                ),
            )
        del used[worst]
    rate = float(outcome.mean())
    return WoeScorecard(intercept=float(np.log(rate / (1 - rate))), features=())


def _regress(design: Floats, outcome: Outcome) -> tuple[Floats, float]:
    from sklearn.linear_model import LogisticRegression

    # Many features say nearly the same: a slight penalty keeps their weights finite.
    model = LogisticRegression(C=100, solver="newton-cholesky", tol=1e-8).fit(design, outcome)
    return model.coef_[0], float(model.intercept_[0])


def _information(evidence: Floats, outcome: Outcome) -> float:
    """Compute a feature's information value: its mean evidence among events less that of others."""
    return float(evidence[outcome == 1].mean() - evidence[outcome == 0].mean())


def _bin_feature(
    fitted: FittedFeature, values: npt.NDArray[np.float32], outcome: Outcome,
    settings: RivalSettings,
) -> BinnedFeature:  # fmt: skip
    absent = np.isnan(values)
    edges: tuple[float, ...] = ()
    if fitted.categories is not None:
        place, bins = np.where(absent, 0, values).astype(np.int64), len(fitted.categories)
        least = settings.baseline_minimum_bin * len(values)
        weights = _pooled_weights(place[~absent], outcome[~absent], bins, least, outcome)
    else:
        edges = _tree_edges(fitted, values[~absent], outcome[~absent], settings)
        place = np.searchsorted(np.array(edges, dtype=np.float32), values[~absent], side="left")
        weights = _weights(place, outcome[~absent], len(edges) + 1, outcome)
        if fitted.monotone:
            # The half customers may turn two bins of nearly equal rates round.
            weights = fitted.monotone * np.maximum.accumulate(fitted.monotone * weights)
    missing = _weights(np.zeros(int(absent.sum()), dtype=np.int64), outcome[absent], 1, outcome)[0]
    return BinnedFeature(
        feature=fitted.feature.name,
        is_category=fitted.categories is not None,
        edges=edges,
        weights=tuple(map(float, weights)),
        missing=float(missing) if absent.any() else 0.0,
        coefficient=0.0,
    )


def _tree_edges(
    fitted: FittedFeature, values: npt.NDArray[np.float32], outcome: Outcome,
    settings: RivalSettings,
) -> tuple[float, ...]:  # fmt: skip
    """Cut one feature where a small tree does: every bin holds enough customers."""
    if len(np.unique(outcome)) < 2:
        return ()
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(
        max_leaf_nodes=settings.baseline_bins,
        min_samples_leaf=settings.baseline_minimum_bin,
        monotonic_cst=[fitted.monotone],
        random_state=0,
    ).fit(values[:, None], outcome)
    inner = tree.tree_.feature >= 0
    return tuple(float(edge) for edge in np.unique(tree.tree_.threshold[inner].astype(np.float32)))


def _weights(place: Outcome, outcome: Outcome, bins: int, everyone: Outcome) -> Floats:
    events = np.bincount(place[outcome == 1], minlength=bins) + _HALF_A_CUSTOMER
    others = np.bincount(place[outcome == 0], minlength=bins) + _HALF_A_CUSTOMER
    total = int(everyone.sum())
    return np.asarray(np.log(events / total) - np.log(others / (len(everyone) - total)))


def _pooled_weights(
    place: Outcome, outcome: Outcome, bins: int, least: float, everyone: Outcome
) -> Floats:
    """Weigh categories; those of few customers get the weight of all of them together."""
    weights = _weights(place, outcome, bins, everyone)
    rare = np.bincount(place, minlength=bins) < least
    inside = rare[place]
    pooled = _weights(np.zeros(int(inside.sum()), dtype=np.int64), outcome[inside], 1, everyone)
    weights[rare] = pooled[0] if inside.any() else 0.0
    return weights
