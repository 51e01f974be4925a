"""Budget and ranges of tuning: what no search could use is refused by its path."""

import pytest

from limner.errors import SettingsInvalid
from limner.settings import parse_settings
from limner.settings.tuning import NEVER_TUNED
from project import changed, settings


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        ("tuning.ranges.max_depht", {"low": 2, "high": 3}, "no training parameter; known: max_d"),
        ("tuning.ranges.max_depth", {"low": 2, "high": 30}, "tuning.ranges.max_depth: 30: "),
        ("tuning.ranges.subsample", {"low": 0.0, "high": 1.0}, "tuning.ranges.subsample: 0: "),
        ("tuning.ranges.l2", {"low": 3, "high": 3}, r"low \(3\) must be below high \(3\)"),
        ("tuning.ranges.l2", {"low": 0, "high": 3, "log": True}, "a log scale begins above 0"),
        ("tuning.ranges", {}, "at least 1"),
        ("tuning.objective", "gini", "tuning.objective"),
        ("tuning.folds", 1, "tuning.folds"),
        ("training_checks.single_feature_auc", 0.5, "training_checks.single_feature_auc"),
        ("models.pakdd_default.training.max_bins", 4, "models.pakdd_default.training.max_bins"),
    ],
)  # fmt: skip
def test_refuses_a_range_that_no_search_could_use(path: str, value: object, fault: str) -> None:
    with pytest.raises(SettingsInvalid, match=fault):
        parse_settings(changed(path, value))


@pytest.mark.parametrize("name", NEVER_TUNED)
def test_refuses_to_tune_what_settles_how_long_a_fit_takes(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=f"ranges.{name}: this is set, not tuned"):
        parse_settings(changed(f"tuning.ranges.{name}", {"low": 20, "high": 300}))


def test_every_committed_range_holds_parameters_that_training_takes() -> None:
    found = settings()
    for name in found.tuning.ranges:
        for model in found.models.values():
            assert hasattr(model.training, name)
