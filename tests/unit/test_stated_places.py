"""Places that params.yaml states: only null leaves something out, and none is in the flow's way."""

from pathlib import Path

import pytest
import yaml

from limner.errors import SettingsInvalid
from limner.settings import parse_settings
from limner.settings.section import _WRITTEN
from project import ROOT, changed

PLACES = (
    "portfolios.give_me_credit.source.location",
    "banks.berka.location",
    "privacy.pseudonym_key",
    "privacy.vault_key",
)


@pytest.mark.parametrize("key", PLACES)
def test_null_states_no_place(key: str) -> None:
    parse_settings(changed(key, None))


@pytest.mark.parametrize("key", PLACES)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "may not be blank"),
        ("  ", "may not be blank"),
        ("data/berka/extract", "the flow writes and replaces data/berka/extract"),
        ("./data/berka/tables/own.csv", "the flow writes and replaces data/berka/tables"),
        ("data/x/../berka/truth", "the flow writes and replaces data/berka/truth"),
    ],
)
def test_refuses_a_blank_place_and_one_that_the_flow_would_remove(
    key: str, place: str, said: str
) -> None:
    with pytest.raises(SettingsInvalid) as refusal:
        parse_settings(changed(key, place))
    (problem,) = refusal.value.problems
    assert problem.startswith(f"{key}: ")
    assert said in problem


def test_refuses_such_a_place_by_its_whole_path_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsInvalid, match="the flow writes and replaces"):
        parse_settings(changed("banks.berka.location", str(tmp_path / "data/berka/extract")))
    parse_settings(changed("banks.berka.location", str(tmp_path / "data/berka/files")))


def test_every_folder_that_a_stage_writes_for_a_portfolio_is_known() -> None:
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    written = [
        next(iter(out)) if isinstance(out, dict) else out
        for stage in stages.values()
        for out in stage.get("do", stage).get("outs", ())
    ]
    folders = {Path(out).parts[2] for out in written if out.startswith("data/")}
    assert {name for name in folders if not Path(name).suffix} == set(_WRITTEN)
