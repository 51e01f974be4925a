"""``params.yaml``: every fault is named by its full path, in one line."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from limner.errors import SettingsInvalid, UnknownName
from limner.settings import load_settings, parse_settings
from project import PARAMS, changed, params, without

RISK = "models.serious_delinquency"
SEGMENTS = "models.deposit_segments"


def problems(content: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsInvalid) as refusal:
        parse_settings(content)
    assert "\n" not in str(refusal.value)
    assert str(refusal.value).startswith("params.yaml: ")
    return refusal.value.problems


def test_reads_the_committed_settings() -> None:
    settings = load_settings(PARAMS)
    assert set(settings.models) == set(params()["models"])
    assert settings.model("serious_delinquency").portfolio in settings.portfolios


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("seeds", "(did you mean seed?)"),
        ("runtime.thread", "(did you mean threads?)"),
        ("portfolios.bank_marketing.source.sha265", "(did you mean sha256?)"),
        (f"{RISK}.calibrations", "(did you mean calibration?)"),
        (f"{RISK}.training.max_dept", "(did you mean max_depth?)"),
        (f"{RISK}.gates.minimums", "(did you mean minimum?)"),
        (f"{SEGMENTS}.segmentation.start", "(did you mean starts?)"),
        ("runtime.zzz", "(known here: threads)"),
    ],
)
def test_refuses_an_unknown_key_and_names_the_nearest(path: str, hint: str) -> None:
    assert problems(changed(path, 1)) == (f"{path}: unknown key {hint}",)


def test_refuses_an_unknown_key_of_a_band() -> None:
    path = f"{RISK}.bands.0.colour"
    (problem,) = problems(changed(path, "red"))
    assert problem.startswith(f"{path}: unknown key")


@pytest.mark.parametrize(
    "path",
    [
        "seed",
        "samples.test",
        "banks.berka.day",
        f"{RISK}.training.l2",
        f"{RISK}.bands.0.up_to",
        f"{SEGMENTS}.segmentation.candidates",
    ],
)
def test_refuses_a_missing_key(path: str) -> None:
    assert problems(without(path)) == (f"{path}: missing key",)


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        ("seed", "many", "integer"),
        ("runtime", 2, "dictionary"),
        ("runtime.threads", 1.5, "integer"),
        ("out_of_time_from.bank_marketing", "soon", "date"),
        (f"{RISK}.training.learning_rate", "fast", "number"),
        (f"{RISK}.gates.minimum.test/auc", None, "number"),
        (f"{RISK}.protected_features.age", ["why"], "string"),
    ],
)
def test_refuses_a_value_of_another_type(path: str, value: object, reason: str) -> None:
    (problem,) = problems(changed(path, value))
    assert problem.startswith(f"{path}: ")
    assert reason in problem


@pytest.mark.parametrize(
    ("path", "value", "named", "reason"),
    [
        ("seed", -1, "seed", "greater than or equal to 0"),
        ("intake.quarantine_limit", 1.0, "intake.quarantine_limit", "less than 1"),
        ("intake.quarantine_limit", float("nan"), "intake.quarantine_limit", "finite"),
        ("intake.memory_limit", "half", "intake.memory_limit", "pattern"),
        ("samples.test", 0.3, "samples", "the shares sum to 1.1, not 1"),
        ("portfolios.bank_marketing.source.sha256", "f" * 63,
         "portfolios.bank_marketing.source.sha256", "pattern"),
        ("fairness.age_band_starts", [45, 30], "fairness.age_band_starts", "ages must rise"),
        ("fairness.age_band_starts", [], "fairness.age_band_starts", "at least one"),
        (f"{RISK}.training.max_depth", 0, f"{RISK}.training.max_depth", "greater than"),
        (f"{RISK}.calibration", "guess", f"{RISK}.calibration", "'platt'"),
        (f"{RISK}.protected_features.age", "because", f"{RISK}.protected_features.age",
         "at least 20 characters"),
        (f"{RISK}.bands.1.up_to", 0.005, f"{RISK}.bands", "must rise"),
        (f"{RISK}.bands.4.up_to", 0.9, f"{RISK}.bands", "the last be 1"),
        (f"{SEGMENTS}.segmentation.candidates", [1],
         f"{SEGMENTS}.segmentation.candidates.0", "greater than or equal to 2"),
        (f"{SEGMENTS}.segmentation.method", "guess",
         f"{SEGMENTS}.segmentation.method", "'k_means'"),
        (f"{SEGMENTS}.segmentation.method", "latent_classes",
         f"{SEGMENTS}.segmentation", "state bins for latent_classes"),
        (f"{SEGMENTS}.segmentation.bins", 8,
         f"{SEGMENTS}.segmentation", "state bins for latent_classes, and for no other"),
        ("reject_inference.sensitivity", [1, 3, 2], "reject_inference.sensitivity", "must rise"),
        ("reject_inference.sensitivity", [2, 3], "reject_inference.sensitivity", "the first be 1"),
        ("reject_inference.odds_multiplier", 0, "reject_inference.odds_multiplier", "greater than"),
        (f"{RISK}.portfolio", "moon", f"{RISK}.portfolio",
         "no portfolio 'moon'; known: bank_marketing, berka, fraud_handbook, give_me_credit,"),
    ],
)  # fmt: skip
def test_refuses_an_impossible_value(path: str, value: object, named: str, reason: str) -> None:
    problem = problems(changed(path, value))[0]
    assert problem.startswith(f"{named}: ")
    assert reason in problem


def test_refuses_a_model_of_two_families_or_of_half_a_family() -> None:
    mixed = problems(changed(f"{SEGMENTS}.calibration", "platt"))
    halved = problems(without(f"{RISK}.bands"))
    assert mixed == (f"{SEGMENTS}: a segmentation has no calibration",)
    assert halved == (f"{RISK}: missing bands (or a segmentation section)",)


def test_names_every_fault_at_once() -> None:
    content = changed("runtime.threads", 0)
    content["seeds"] = content.pop("seed")
    assert [problem.split(":")[0] for problem in problems(content)] == [
        "seed", "runtime.threads", "seeds"]  # fmt: skip


def test_refuses_a_file_that_is_absent_empty_or_no_yaml(tmp_path: Path) -> None:
    empty, broken = tmp_path / "empty.yaml", tmp_path / "broken.yaml"
    empty.write_text("")
    broken.write_text("seed: [1,\nruntime: {")
    for file, reason in (
        (tmp_path / "absent.yaml", "no such file"), (empty, "dictionary"), (broken, "not YAML"),
    ):  # fmt: skip
        with pytest.raises(SettingsInvalid, match=reason) as refusal:
            load_settings(file)
        assert str(file) in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_settings_never_change_once_read() -> None:
    settings = load_settings(PARAMS)
    with pytest.raises(ValidationError, match="frozen"):
        settings.runtime.threads = 8  # type: ignore[misc]


def test_refuses_a_model_or_portfolio_of_no_such_name() -> None:
    settings = load_settings(PARAMS)
    with pytest.raises(UnknownName, match="no model is named 'x'; known: term_deposit"):
        settings.model("x")
    with pytest.raises(UnknownName, match="no portfolio is named 'x'; known: bank_marketing"):
        settings.portfolio("x")


def test_refuses_a_key_that_params_name_twice(tmp_path: Path) -> None:
    text = PARAMS.read_text(encoding="utf-8")
    file = tmp_path / "params.yaml"
    file.write_text(text.replace("seed:", "seed: 1\nseed:", 1), encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="key 'seed' is there twice"):
        load_settings(file)
