"""Calibration against a general optimiser, and what every calibration must keep."""

from typing import get_args

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from scipy.optimize import minimize
from scipy.special import expit

from limner.modelling.calibration import Calibration, Method, fit_calibration

Floats = npt.NDArray[np.float64]


def customers(seed: int, slope: float, rows: int = 600) -> tuple[Floats, npt.NDArray[np.int64]]:
    draw = np.random.default_rng(seed)
    margins = draw.normal(-1.5, 1.2, rows)
    return margins, (draw.random(rows) < expit(slope * margins - 0.4)).astype(np.int64)


def minus_log_likelihood(line: Floats, margins: Floats, outcome: npt.NDArray[np.int64]) -> float:
    score = line[0] * margins + line[1]
    return float(np.sum(np.logaddexp(0, score) - outcome * score))


@pytest.mark.parametrize(("seed", "slope"), [(1, 0.5), (2, 1.0), (3, 1.8)])
def test_platt_is_the_line_of_maximum_likelihood(seed: int, slope: float) -> None:
    margins, outcome = customers(seed, slope)
    found = fit_calibration("platt", margins, outcome)
    slow = minimize(minus_log_likelihood, [1.0, 0.0], (margins, outcome), tol=1e-12).x
    assert (found.slope, found.intercept) == (
        pytest.approx(slow[0], abs=1e-3), pytest.approx(slow[1], abs=1e-3))  # fmt: skip


@pytest.mark.parametrize("method", ["platt", "isotonic", "beta"])
def test_a_calibrated_sample_is_right_on_average(method: Method) -> None:
    margins, outcome = customers(1, 0.5)
    probability = fit_calibration(method, margins, outcome).probability(margins)
    assert probability.mean() == pytest.approx(outcome.mean(), abs=1e-6)
    assert expit(margins).mean() != pytest.approx(outcome.mean(), abs=1e-2)


@settings(deadline=None)
@given(
    method=st.sampled_from(get_args(Method)),
    seed=st.integers(0, 50),
    slope=st.sampled_from([-2.0, 0.0, 0.7, 2.0]),
    points=st.lists(st.floats(-50, 50), min_size=2, max_size=20),
)
def test_a_higher_margin_never_gets_a_lower_probability(
    method: Method, seed: int, slope: float, points: list[float]
) -> None:
    calibration = fit_calibration(method, *customers(seed, slope, rows=60))
    probability = calibration.probability(sorted(points))
    assert (np.diff(probability) >= 0).all()
    assert ((probability >= 0) & (probability <= 1)).all()


def test_never_turns_the_ranking_of_a_useless_model_round() -> None:
    margins, outcome = customers(1, -1.5)
    assert fit_calibration("platt", margins, outcome) == Calibration("none")


def test_isotonic_is_flat_outside_what_it_has_seen() -> None:
    margins, outcome = customers(1, 1.0)
    isotonic = fit_calibration("isotonic", margins, outcome)
    ends = isotonic.probability([margins.min(), margins.max()])
    assert isotonic.probability([-1e6, 1e6]).tolist() == ends.tolist()


def test_no_calibration_is_the_logistic_function() -> None:
    margins = np.linspace(-8, 8, 50)
    np.testing.assert_allclose(Calibration("none").probability(margins), expit(margins), rtol=1e-12)


def beta_loss(line: Floats, margins: Floats, outcome: npt.NDArray[np.int64]) -> float:
    s = expit(margins)
    score = line[0] * np.log(s) - line[1] * np.log1p(-s) + line[2]
    return float(np.sum(np.logaddexp(0, score) - outcome * score))


@pytest.mark.parametrize(("seed", "slope"), [(1, 0.5), (2, 1.0), (3, 1.8)])
def test_beta_is_the_monotone_map_of_maximum_likelihood(seed: int, slope: float) -> None:
    margins, outcome = customers(seed, slope)
    found = fit_calibration("beta", margins, outcome)
    slow = minimize(
        beta_loss, [1.0, 1.0, 0.0], (margins, outcome), bounds=[(0, None), (0, None), (None, None)],
        tol=1e-12,
    )  # fmt: skip
    loss = beta_loss(np.array([found.slope, found.upper_slope, found.intercept]), margins, outcome)
    assert loss == pytest.approx(slow.fun, abs=1e-3)
    s = expit(margins)
    written_out = expit(
        found.slope * np.log(s) - found.upper_slope * np.log1p(-s) + found.intercept
    )
    np.testing.assert_allclose(found.probability(margins), written_out, rtol=1e-9)


def test_beta_with_equal_slopes_is_platt() -> None:
    margins = np.linspace(-6, 6, 50)
    np.testing.assert_allclose(
        Calibration("beta", 0.7, -0.2, upper_slope=0.7).probability(margins),
        Calibration("platt", 0.7, -0.2).probability(margins),
        rtol=1e-12,
    )


def test_beta_bends_where_platt_cannot() -> None:
    draw = np.random.default_rng(4)
    margins = draw.normal(0, 2, 4000)
    s = expit(margins)
    truth = expit(0.3 * np.log(s) - 1.6 * np.log1p(-s))
    outcome = (draw.random(4000) < truth).astype(np.int64)
    gaps = [
        np.abs(fit_calibration(method, margins, outcome).probability(margins) - truth).mean()
        for method in ("beta", "platt")
    ]
    assert gaps[0] < gaps[1] / 2


def test_only_beta_is_written_with_what_only_beta_has() -> None:
    written = {
        method: TypeAdapter(Calibration).dump_python(fit_calibration(method, *customers(1, 1.0)))
        for method in get_args(Method)
    }
    assert {method for method, fields in written.items() if "upper_slope" in fields} == {"beta"}
    for fields in written.values():
        read = TypeAdapter(Calibration).validate_python(fields)
        assert TypeAdapter(Calibration).dump_python(read) == fields
