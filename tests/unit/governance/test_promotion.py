"""Who becomes champion, and who never does without a person."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest

from limner.governance.gates import GateReport
from limner.governance.promotion import promote
from limner.registry.memory import InMemoryRegistry
from limner.registry.protocol import CHALLENGER, CHAMPION, RegisteredVersion, TrainingRun

Enter = Callable[..., tuple[str, ...]]


@pytest.fixture
def registry() -> InMemoryRegistry:
    return InMemoryRegistry()


@pytest.fixture
def enter(registry: InMemoryRegistry, tmp_path: Path) -> Enter:
    """Register a version of a model by its digest, and promote it as its gates allow."""

    def enter(
        digest: str, verdict: Literal["passed", "failed"], model: str = "churn"
    ) -> tuple[str, ...]:
        nothing = pd.DataFrame()
        run = TrainingRun(model, digest, {}, {}, {}, tmp_path, tmp_path / "x.py", nothing, nothing)
        gates = GateReport(model=model, digest=digest, verdict=verdict, gates=(), findings=())
        return promote(registry, registry.register(run), gates)

    return enter


def holder(registry: InMemoryRegistry, alias: str, model: str = "churn") -> str | None:
    found: RegisteredVersion | None = registry.version_by_alias(model, alias)
    return found.digest if found else None


def test_the_first_version_to_pass_becomes_champion(
    registry: InMemoryRegistry, enter: Enter
) -> None:
    assert enter("first", "passed") == (CHALLENGER, CHAMPION)
    assert holder(registry, CHAMPION) == holder(registry, CHALLENGER) == "first"


def test_a_later_version_is_never_more_than_challenger(
    registry: InMemoryRegistry, enter: Enter
) -> None:
    enter("first", "passed")
    assert enter("second", "passed") == (CHALLENGER,)
    assert holder(registry, CHAMPION) == "first"
    assert holder(registry, CHALLENGER) == "second"


def test_a_version_that_fails_its_gates_never_becomes_champion(
    registry: InMemoryRegistry, enter: Enter
) -> None:
    assert enter("poor", "failed") == (CHALLENGER,)
    assert holder(registry, CHAMPION) is None
    assert enter("good", "passed") == (CHALLENGER, CHAMPION)
    assert enter("poorer", "failed") == (CHALLENGER,)
    assert holder(registry, CHAMPION) == "good"


def test_registering_the_champion_again_changes_nothing(
    registry: InMemoryRegistry, enter: Enter
) -> None:
    enter("first", "passed")
    enter("second", "passed")
    assert enter("first", "passed") == (CHALLENGER, CHAMPION)
    assert holder(registry, CHAMPION) == "first"
    assert len(registry.versions("churn")) == 2


def test_a_champion_chosen_by_a_person_stays(registry: InMemoryRegistry, enter: Enter) -> None:
    enter("first", "passed")
    enter("second", "passed")
    registry.set_alias("churn", CHAMPION, 2)
    assert enter("third", "passed") == (CHALLENGER,)
    assert holder(registry, CHAMPION) == "second"


def test_models_never_take_each_others_place(registry: InMemoryRegistry, enter: Enter) -> None:
    enter("first", "passed")
    assert enter("other", "passed", model="risk") == (CHALLENGER, CHAMPION)
    assert holder(registry, CHAMPION) == "first"
    assert holder(registry, CHAMPION, "risk") == "other"
