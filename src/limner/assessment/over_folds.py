"""A figure of several folds as a mean with an interval."""

from collections.abc import Sequence

import numpy as np

from limner.assessment.evidence import Estimate


def over_folds(figures: Sequence[float], confidence: float, repeats: int = 1) -> Estimate:
    """Mean of a figure over folds, with an interval.

    Folds share most of the customers that their models are fitted on, so their figures
    vary together and the usual standard error is too small. It is widened by the share
    of judged to fitted customers: sqrt(1 / n + 1 / (k - 1)) instead of sqrt(1 / n), for n
    figures of k folds. Folds that are drawn anew r times are of the same customers: they lessen
    the first part, the luck of one division, and never the second.

    Args:
        figures: one a fold, at least 2 folds; n = r * k of them.
        repeats: times r that customers were parted anew.

    Source:
        Nadeau and Bengio (2003), Inference for the generalization error, Machine
        Learning 52; for repeated folds Bouckaert and Frank (2004), Evaluating the
        replicability of significance tests; Student's t with n - 1 degrees of freedom.

    >>> over_folds([0.5, 0.5, 0.5], 0.95).low
    0.5
    """
    from scipy.stats import t

    values = np.asarray(figures, dtype=np.float64)
    number = len(values)
    folds = number // repeats
    error = float(values.std(ddof=1)) * np.sqrt(1 / number + 1 / (folds - 1))
    half = float(t.ppf((1 + confidence) / 2, number - 1)) * float(error)
    mean = float(values.mean())
    return Estimate(value=mean, low=mean - half, high=mean + half)
