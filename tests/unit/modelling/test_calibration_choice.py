"""Which calibration is chosen, and on what."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.special import expit

from limner.modelling.calibration import Calibration, fit_calibration
from limner.modelling.calibration_choice import (
    CalibrationChoice,
    TooFewForFolds,
    _folds,
    calibrate,
    compare_calibrations,
)

Floats = npt.NDArray[np.float64]


def customers(truth: str, rows: int = 6000) -> tuple[Floats, npt.NDArray[np.int64]]:
    draw = np.random.default_rng(1)
    margins = draw.normal(0, 2, rows)
    s = expit(margins)
    probability = {
        "none": s,
        "platt": expit(0.4 * margins - 1.5),
        "beta": expit(0.2 * np.log(s) - 1.8 * np.log1p(-s)),
        "isotonic": np.where(margins > 0.5, 0.9, np.where(margins > -1, 0.6, 0.05)),
    }[truth]
    return margins, (draw.random(rows) < probability).astype(np.int64)


@pytest.mark.parametrize("truth", ["beta", "isotonic"])
def test_auto_takes_the_kind_of_map_that_made_the_outcomes(truth: str) -> None:
    margins, outcome = customers(truth)
    assert compare_calibrations("m", margins, outcome, 5, 1).best == truth
    assert calibrate("auto", "m", margins, outcome, 5, 1) == fit_calibration(
        truth, margins, outcome
    )  # type: ignore[arg-type]


def test_a_line_is_as_good_as_its_bent_kind_where_a_line_made_the_outcomes() -> None:
    # Beta holds platt within it: by chance it may be ahead, but by next to nothing.
    losses = compare_calibrations("m", *customers("platt"), 5, 1).log_loss
    assert losses["platt"] == pytest.approx(losses["beta"], abs=5e-4)
    assert losses["platt"] < min(losses["none"], losses["isotonic"])


def test_what_is_calibrated_already_gains_nothing_from_any() -> None:
    margins, outcome = customers("none")
    losses = compare_calibrations("m", margins, outcome, 5, 1).log_loss
    assert all(loss > losses["none"] - 5e-4 for loss in losses.values())


def test_of_equals_the_simplest_is_taken() -> None:
    same = dict.fromkeys(("isotonic", "beta", "platt", "none"), 0.3)
    assert CalibrationChoice(folds=5, log_loss=same).best == "none"
    assert CalibrationChoice(folds=5, log_loss=same | {"none": 0.31}).best == "platt"


def test_a_declared_method_is_taken_whatever_is_best() -> None:
    margins, outcome = customers("isotonic")
    assert calibrate("none", "m", margins, outcome, 5, 1) == Calibration("none")


def test_losses_are_those_of_customers_that_a_fit_has_not_seen() -> None:
    draw = np.random.default_rng(2)
    margins, outcome = draw.normal(size=120), draw.integers(0, 2, 120)
    held_out = compare_calibrations("m", margins, outcome, 4, 1).log_loss["isotonic"]
    seen = fit_calibration("isotonic", margins, outcome).probability(margins)
    seen = np.clip(seen, 1e-15, 1 - 1e-15)
    loss = -np.mean(np.where(outcome == 1, np.log(seen), np.log1p(-seen)))
    assert held_out > loss + 0.05


def test_equal_seeds_give_equal_losses() -> None:
    margins, outcome = customers("platt", rows=500)
    first, again, other = (compare_calibrations("m", margins, outcome, 5, s) for s in (1, 1, 2))
    assert first == again != other


def test_refuses_to_compare_on_fewer_customers_than_parts_and_names_the_remedy() -> None:
    margins, outcome = np.linspace(-1, 1, 50), np.zeros(50, dtype=np.int64)
    outcome[[7, 20, 31, 44]] = 1
    with pytest.raises(TooFewForFolds, match=r"4 customers have the outcome 1.*calibration_folds"):
        compare_calibrations("loans", margins, outcome, 5, 1)
    # One customer at many snapshots is one customer.
    many = np.tile(margins, 3), np.tile(outcome, 3)
    with pytest.raises(TooFewForFolds):
        compare_calibrations("loans", *many, 5, 1, np.tile(np.arange(50), 3))
    compare_calibrations("loans", *many, 5, 1)


def test_all_rows_of_a_customer_lie_in_one_part_and_parts_keep_the_rate() -> None:
    draw = np.random.default_rng(3)
    customers_of = np.repeat(np.arange(200), 4)
    outcome = (draw.random(800) < 0.1).astype(np.int64)
    fold = _folds("m", outcome, 5, 1, customers_of)
    assert (fold.reshape(200, 4) == fold.reshape(200, 4)[:, :1]).all()
    happened = outcome.reshape(200, 4).max(axis=1)
    by_fold = [happened[fold.reshape(200, 4)[:, 0] == number].sum() for number in range(5)]
    assert max(by_fold) - min(by_fold) <= 1
