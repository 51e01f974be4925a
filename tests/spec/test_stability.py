"""Population stability index, worked by hand."""

import numpy as np
import pytest

from limner.assessment.stability import (
    band_counts,
    characteristic_stability_index,
    column_csi,
    column_psi,
    frozen_edges,
    population_stability_index,
)

NAN = np.nan


@pytest.mark.parametrize(
    ("expected", "actual", "psi"),
    [
        # 0.1 ln(0.6 / 0.5) - 0.1 ln(0.4 / 0.5)
        ([50, 50], [60, 40], 0.040547),
        # -0.3 ln(0.2 / 0.5) + 0.3 ln(0.6 / 0.3)
        ([50, 30, 20], [20, 60, 20], 0.482831),
        # Shares count, not customers.
        ([10, 20, 30, 40], [1, 2, 3, 4], 0.0),
        ([500, 500], [6, 4], 0.040547),
        # Empty on both sides: nothing to compare.
        ([50, 0, 50], [60, 0, 40], 0.040547),
        # Empty on one side: half a customer there, 0.5 / 100.
        # -0.5 ln(0.5) + 0.495 ln(0.5 / 0.005)
        ([100, 0], [50, 50], 2.626133),
        ([50, 50], [100, 0], 2.626133),
        # 0.5 / 10 of a small sample weighs more: -0.45 ln(0.05 / 0.5) + 0.5 ln(1 / 0.5)
        ([50, 50], [10, 0], 1.382737),
    ],
)
def test_population_stability_index(expected: list[int], actual: list[int], psi: float) -> None:
    found = population_stability_index(np.array(expected), np.array(actual))
    assert found == pytest.approx(psi, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "edges", "counts"),
    [
        ([1.0, 2.0, 3.0], [2.0], [1, 2, 0]),
        ([1.0, 2.0, NAN, NAN], [1.5, 5.0], [1, 1, 0, 2]),
        ([-9.0, 99.0], [1.0, 2.0], [1, 0, 1, 0]),
        ([NAN], [], [0, 1]),
    ],
)
def test_a_band_starts_at_its_edge_and_the_last_holds_the_missing(
    values: list[float], edges: list[float], counts: list[int]
) -> None:
    assert band_counts(np.array(values), np.array(edges)).tolist() == counts


@pytest.mark.parametrize(
    ("development", "bins", "edges"),
    [
        (list(range(101)), 4, [25, 50, 75]),
        ([*range(101), NAN], 4, [25, 50, 75]),
        ([0, 0, 0, 0, 0, 1], 4, [0]),
        ([5, 5, 5], 10, [5]),
        ([NAN, NAN], 10, []),
    ],
)
def test_edges_are_developments_quantiles_each_once(
    development: list[float], bins: int, edges: list[float]
) -> None:
    assert frozen_edges(np.array(development, dtype=float), bins).tolist() == edges


def test_the_edges_of_a_column_never_move_with_the_other_sample() -> None:
    development = np.arange(100.0)
    assert column_psi(development, development, 2, is_category=False) == 0
    # All of them in the upper half: -0.495 ln(0.005 / 0.5) + 0.5 ln(1 / 0.5)
    moved = column_psi(development, development + 100, 2, is_category=False)
    assert moved == pytest.approx(2.626133, abs=1e-6)


def test_customers_whose_value_went_missing_are_a_band_of_their_own() -> None:
    development = np.arange(100.0)
    other = np.where(np.isin(development, np.arange(5, 100, 10)), NAN, development)
    # Halves 50 and 50, then 45 and 45 and 10 missing:
    # 2 * -0.05 ln(0.9) + 0.095 ln(0.1 / 0.005)
    found = column_psi(development, other, 2, is_category=False)
    assert found == pytest.approx(0.295131, abs=1e-6)


def test_categories_are_bands_and_a_vanished_or_missing_one_counts() -> None:
    development = np.array([0, 0, 1, 1, NAN, NAN])
    other = np.array([0, 0, 2, 2, NAN, NAN])
    # Shares 1/3, 1/3, 0.5/6 against 1/3, 0.5/6, 1/3: 2 * 0.25 ln(4)
    found = column_psi(development, other, 10, is_category=True)
    assert found == pytest.approx(0.693147, abs=1e-6)


@pytest.mark.parametrize(
    ("expected", "actual", "weight", "index"),
    [
        # A tenth moved from the band at -0.4 to the band at 0.4: scores rise by 0.08.
        ([50, 50], [60, 40], [0.4, -0.4], 0.08),
        # The other way round they fall as far, while the PSI is the same.
        ([50, 50], [40, 60], [0.4, -0.4], -0.08),
        # Customers moved between bands of equal risk: nothing happened to the score.
        ([50, 50], [90, 10], [0.3, 0.3], 0.0),
        ([20, 30, 50], [20, 30, 50], [1.0, 0.0, -1.0], 0.0),
    ],
)
def test_csi_is_what_a_shift_does_to_the_score(
    expected: list[int], actual: list[int], weight: list[float], index: float
) -> None:
    found = characteristic_stability_index(np.array(expected), np.array(actual), np.array(weight))
    assert found == pytest.approx(index, abs=1e-12)


def test_csi_bands_and_weights_are_frozen_at_development() -> None:
    development, outcome = np.repeat([1.0, 2.0], 100), np.repeat([0, 1, 0, 1], [90, 10, 70, 30])
    later = np.repeat([1.0, 2.0, 3.0], [50, 100, 50])
    risky, safe = np.log((30.5 / 41) / (70.5 / 161)), np.log((10.5 / 41) / (90.5 / 161))
    found = column_csi(development, outcome, later, bins=2, is_category=False)
    assert found == pytest.approx(0.25 * risky - 0.25 * safe, rel=1e-9)
