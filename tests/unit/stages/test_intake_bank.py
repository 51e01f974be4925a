"""The stage hands on what ``params.yaml`` allows it to use."""

from pathlib import Path
from typing import Any

import pytest

from limner.artifacts import BankPaths
from limner.settings import parse_settings
from limner.stages import intake_bank as stage
from project import changed


class _EnoughSeen(Exception):
    """Both calls were seen."""


def test_the_memory_limit_of_params_reaches_both_halves_of_the_intake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def take_in(bank: Any, location: str, target: Path, settings: Any, **others: Any) -> None:
        seen.append((settings.memory_limit, settings.threads))

    def trust(*given: Any, threads: int, memory_limit: str, **others: Any) -> None:
        seen.append((memory_limit, threads))
        raise _EnoughSeen

    monkeypatch.setattr(stage, "take_in_bank", take_in)
    monkeypatch.setattr(stage, "quality_report", lambda found, previous: {})
    monkeypatch.setattr(stage, "refuse_beyond_limits", lambda report, limits: None)
    monkeypatch.setattr(stage, "trust", trust)
    settings = parse_settings(changed("intake.memory_limit", "3GB"))
    monkeypatch.setattr(stage, "load_settings", lambda: settings)
    monkeypatch.chdir(tmp_path)
    extract = BankPaths.of("harbour").extract
    extract.mkdir(parents=True)

    with pytest.raises(_EnoughSeen):
        stage.intake_bank("harbour")
    assert seen == [("3GB", settings.runtime.threads)] * 2
