"""Where one band ends and the next begins, and who is on which side of a threshold."""

import numpy as np
import pandas as pd
import pytest

from limner.assessment.fairness import age_bands
from limner.domain import ScoreBand, band_of
from limner.modelling.segmentation import Stability, choose_segments
from limner.modelling.training import favourable_threshold
from limner.outcomes import find_outcome
from limner.outcomes.definitions import OUTCOMES

BANDS = (ScoreBand("A", 0.01), ScoreBand("B", 0.2), ScoreBand("C", 1.0))
DEPOSIT, DEFAULT = find_outcome("term_deposit_opened"), find_outcome("serious_delinquency")
TENTHS = np.arange(1, 11) / 10


@pytest.mark.parametrize(
    ("probability", "name"),
    [(0.0, "A"), (0.00999, "A"), (0.01, "B"), (0.19999, "B"), (0.2, "C"), (0.999, "C"), (1.0, "C")],
)
def test_a_score_band_ends_just_below_its_upper_end(probability: float, name: str) -> None:
    assert band_of(probability, BANDS) == name


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (18, "under 30"), (29, "under 30"), (30, "30 to 44"), (44, "30 to 44"), (45, "45 to 59"),
        (59, "45 to 59"), (60, "60 and over"), (110, "60 and over"),
    ],
)  # fmt: skip
def test_an_age_band_starts_at_its_stated_age(age: int, band: str) -> None:
    assert age_bands(pd.Series([age]), (30, 45, 60)).tolist() == [band]


def test_an_unknown_age_is_in_no_band() -> None:
    assert age_bands(pd.Series([np.nan, 30.0]), (30,)).isna().tolist() == [True, False]


@pytest.mark.parametrize(("share", "offered"), [(0.2, 2), (0.5, 5), (0.9, 9)])
def test_the_stated_share_of_customers_is_at_or_above_a_threshold_for_offers(
    share: float, offered: int
) -> None:
    threshold = favourable_threshold(TENTHS, share, DEPOSIT)
    assert (threshold <= TENTHS).sum() == offered


@pytest.mark.parametrize(("share", "approved"), [(0.2, 2), (0.5, 5), (0.9, 9)])
def test_the_stated_share_of_customers_is_below_a_threshold_for_risk(
    share: float, approved: int
) -> None:
    threshold = favourable_threshold(TENTHS, share, DEFAULT)
    assert (threshold > TENTHS).sum() == approved


def test_deserving_is_who_opens_a_deposit_and_who_does_not_default() -> None:
    assert (DEPOSIT.deserved, DEFAULT.deserved) == (1, 0)
    assert {outcome.favourable_side for outcome in OUTCOMES} == {"above", "below"}


@pytest.mark.parametrize(
    ("measured", "minimum", "chosen"),
    [
        ({3: 0.99, 4: 0.95, 5: 0.80}, 0.9, 4),
        ({3: 0.99, 4: 0.80, 5: 0.90}, 0.9, 5),
        ({3: 0.70, 4: 0.85, 5: 0.80}, 0.9, 4),
        ({3: 0.70, 4: 0.70}, 0.9, 3),
        ({6: 0.10}, 0.9, 6),
    ],
)
def test_the_most_segments_that_are_stable_enough_or_else_the_most_stable(
    measured: dict[int, float], minimum: float, chosen: int
) -> None:
    stabilities = [Stability(n, mean, mean - 0.1, 1.0) for n, mean in measured.items()]
    assert choose_segments(stabilities, minimum) == chosen


@pytest.mark.parametrize(
    ("measured", "chosen"),
    [
        # mean adjusted Rand index, information criterion
        ({4: (0.99, 80.2), 5: (0.95, 79.1), 6: (0.92, 79.6)}, 5),
        ({4: (0.99, 80.2), 5: (0.80, 79.1), 6: (0.92, 79.6)}, 6),
        ({4: (0.70, 80.2), 5: (0.80, 80.9)}, 5),
    ],
)
def test_of_stable_numbers_the_one_of_the_lowest_criterion_where_there_is_one(
    measured: dict[int, tuple[float, float]], chosen: int
) -> None:
    stabilities = [Stability(n, mean, mean - 0.1, 1.0, c) for n, (mean, c) in measured.items()]
    assert choose_segments(stabilities, 0.9) == chosen
