"""Both registries keep one promise."""

from dataclasses import replace
from pathlib import Path

import pytest

from limner.registry.protocol import (
    CHALLENGER,
    CHAMPION,
    ChampionAltered,
    ModelRegistry,
    NoSuchVersion,
    PickleRefused,
)
from registry_runs import MakeRun, contents


def test_a_registered_model_is_version_one_and_holds_no_alias(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    run = make_run("churn", "d1")
    version = registry.register(run)
    assert (version.model, version.version, version.digest) == ("churn", 1, run.digest)
    assert version.run_id
    assert version.aliases == ()
    assert registry.version_by_alias("churn", CHAMPION) is None


def test_registering_the_same_bytes_twice_adds_no_version(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    run = make_run("churn", "d1")
    first = registry.register(run)
    registry.set_alias("churn", CHAMPION, 1)
    assert registry.register(run) == replace(first, aliases=(CHAMPION,))
    assert len(registry.versions("churn")) == 1


def test_other_bytes_become_the_next_version(registry: ModelRegistry, make_run: MakeRun) -> None:
    runs = [make_run("churn", name) for name in ("d1", "d2", "d3")]
    for run in runs:
        registry.register(run)
    listed = [(item.version, item.digest) for item in registry.versions("churn")]
    assert listed == [(number, run.digest) for number, run in enumerate(runs, 1)]
    assert len({item.run_id for item in registry.versions("churn")}) == 3


def test_the_same_bytes_under_another_name_are_another_model(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    assert registry.register(make_run("default", "d1")).version == 1
    assert registry.register(make_run("churn", "d1")).version == 1
    assert registry.models() == ("churn", "default")
    assert [item.model for item in registry.versions("churn")] == ["churn"]


def test_an_alias_moves_and_leaves_the_version_it_was_on(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    second = registry.register(make_run("churn", "d2"))
    registry.set_alias("churn", CHAMPION, 1)
    registry.set_alias("churn", CHAMPION, 2)
    assert registry.version_by_alias("churn", CHAMPION) == replace(second, aliases=(CHAMPION,))
    assert [item.aliases for item in registry.versions("churn")] == [(), (CHAMPION,)]


def test_one_version_may_hold_several_aliases(registry: ModelRegistry, make_run: MakeRun) -> None:
    registry.register(make_run("churn", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    registry.set_alias("churn", CHALLENGER, 1)
    found = registry.version_by_alias("churn", CHAMPION)
    assert found is not None
    assert found.aliases == (CHALLENGER, CHAMPION)


def test_an_alias_of_one_model_is_none_of_another(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    registry.register(make_run("default", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    assert registry.version_by_alias("default", CHAMPION) is None


def test_an_unknown_model_has_no_versions_and_no_champion(registry: ModelRegistry) -> None:
    assert registry.models() == ()
    assert registry.versions("churn") == ()
    assert registry.version_by_alias("churn", CHAMPION) is None


def test_refuses_an_alias_for_a_version_that_does_not_exist(
    registry: ModelRegistry, make_run: MakeRun
) -> None:
    registry.register(make_run("churn", "d1"))
    registry.set_alias("churn", CHAMPION, 1)
    for model, version, known in (("churn", 2, (1,)), ("churn", 0, (1,)), ("default", 1, ())):
        with pytest.raises(NoSuchVersion) as refusal:
            registry.set_alias(model, CHAMPION, version)
        assert refusal.value.known == known
    champion = registry.version_by_alias("churn", CHAMPION)
    assert champion is not None
    assert champion.version == 1


def test_fetch_gives_the_files_as_they_were_when_registered(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    run = make_run("churn", "d1")
    as_registered = contents(run.fitted_directory)
    version = registry.register(run)
    (run.fitted_directory / "manifest.json").write_text("altered later")
    assert contents(registry.fetch(version, tmp_path / "fetched")) == as_registered


def test_refuses_to_fetch_a_version_whose_digest_nobody_recorded(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    version = registry.register(replace(make_run("churn", "d1"), digest=""))
    with pytest.raises(ChampionAltered, match="registered was none"):
        registry.fetch(version, tmp_path / "fetched")


def test_refuses_to_fetch_a_version_that_does_not_exist(
    registry: ModelRegistry, make_run: MakeRun, tmp_path: Path
) -> None:
    version = registry.register(make_run("churn", "d1"))
    with pytest.raises(NoSuchVersion, match="no version 2"):
        registry.fetch(replace(version, version=2), tmp_path / "fetched")
    assert not (tmp_path / "fetched").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("encoder.pkl", b"anything"), ("model.bin", b"\x80\x04\x95."), ("a.joblib", b"anything")],
)
def test_refuses_a_pickle_by_name_or_by_content(
    registry: ModelRegistry, make_run: MakeRun, name: str, content: bytes
) -> None:
    run = make_run("churn", "d1")
    (run.fitted_directory / "trees" / name).write_bytes(content)
    with pytest.raises(PickleRefused) as refusal:
        registry.register(run)
    assert refusal.value.files == (f"trees/{name}",)
    assert registry.models() == ()
