"""``dvc.yaml`` against the code: a stage is run again when anything it rests on has changed."""

import re
from functools import cache
from pathlib import PurePosixPath
from typing import Any, get_args

import grimp
import pytest
import yaml

from limner.artifacts import ArtifactPaths
from limner.models.left_out import ModelStage, model_outputs
from project import ROOT, params

EVERY: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "dvc.yaml").read_text("utf-8"))["stages"]
STAGES: dict[str, dict[str, Any]] = {
    name: {"over": stage["foreach"], **stage["do"]}
    for name, stage in EVERY.items()
    if "foreach" in stage
}
every_stage = pytest.mark.parametrize("stage", STAGES)

# The folder's own code comes first: an editable installation points at another checkout.
COMMAND = re.compile(r'PYTHONPATH="src:\$PYTHONPATH" python -m limner\.([\w.]+) \$\{key\}')

# A change of these changes no output: a stage may leave them, and what only they import, out.
NO_FORMULA = {
    "limner": "switches telemetry off",
    "limner.artifacts": "where files lie, and that they are written whole",
    "limner.errors": "what is said when nothing is written",
    "limner.errors.banks": "what is said when nothing is written",
    "limner.errors.base": "what is said when nothing is written",
    "limner.errors.data": "what is said when nothing is written",
    "limner.errors.models": "what is said when nothing is written",
    "limner.errors.onboarding": "what is said when nothing is written",
    "limner.errors.tables": "what is said when nothing is written",
    "limner.models": "finds a model's file by its name; the file itself is a dependency",
    "limner.pages": "how a page is rendered; what it shows is under deps",
    "limner.plug_ins": "finds a definition by its name; the definitions are dependencies",
    "limner.running_code": "whose code runs, or nothing",
    "limner.settings": "the shape of params.yaml; its values are under params",
    "limner.settings.amount": "the shape of params.yaml; its values are under params",
    "limner.settings.boosting": "the shape of params.yaml; its values are under params",
    "limner.settings.imputation": "the shape of params.yaml; its values are under params",
    "limner.settings.banks": "the shape of params.yaml; its values are under params",
    "limner.settings.intake": "the shape of params.yaml; its values are under params",
    "limner.settings.judging": "the shape of params.yaml; its values are under params",
    "limner.settings.model": "the shape of params.yaml; its values are under params",
    "limner.settings.onboarding": "the shape of params.yaml; its values are under params",
    "limner.settings.section": "the shape of params.yaml; its values are under params",
    "limner.settings.unique_yaml": "how params.yaml is parsed; its values are under params",
    "limner.settings.tuning": "the shape of params.yaml; its values are under params",
    "limner.stages.command_line": "one line and an exit code",
    "limner.telemetry": "switches telemetry off",
}
# Files that no import names: found by a name in params.yaml, or handed on as a script.
FOUND_BY_NAME = {
    "limner.features": "src/limner/features",
    "limner.models": "src/limner/models/${key}.py",
    "limner.portfolios": "src/limner/portfolios",
    "limner.registry.mlflow_registry": "src/limner/pyfunc_model.py",
}

# Data that no stage makes: persons write it, and git keeps it.
KEPT_IN_GIT = ("data/${key}/identity-decisions.csv",)


@cache
def modules_behind(stage: str) -> frozenset[str]:
    """Follow the imports from a stage's module, also those inside functions."""
    graph = grimp.build_graph("limner", cache_dir=None)
    start = COMMAND.fullmatch(STAGES[stage]["cmd"])
    assert start, f"{stage}: {STAGES[stage]['cmd']}"
    found: set[str] = set()
    to_follow = [f"limner.{start[1]}"]
    while to_follow:
        module = to_follow.pop()
        if module not in found:
            found.add(module)
            if module not in NO_FORMULA:
                to_follow += graph.find_modules_directly_imported_by(module)
    return frozenset(found)


def covers(dependency: str, module: str) -> bool:
    """Whether a file or folder of ``deps`` is the module, or a folder above it."""
    path = PurePosixPath("src", *module.split("."))
    return dependency in (f"{path}.py", str(path), *(str(parent) for parent in path.parents))


def paths_of(stage: str, *kinds: str) -> set[str]:
    """Name a stage's files of some kinds; an entry with options is a mapping of one key."""
    entries = (entry for kind in kinds for entry in STAGES[stage].get(kind, ()))
    return {entry if isinstance(entry, str) else next(iter(entry)) for entry in entries}


@every_stage
def test_a_stage_says_what_it_does_and_which_settings_it_reads(stage: str) -> None:
    assert len(STAGES[stage].get("desc", "")) > 20
    assert STAGES[stage].get("params")
    assert STAGES[stage]["over"] in ("${portfolios}", "${banks}", "${models}")


@every_stage
def test_a_stage_depends_on_every_module_it_imports(stage: str) -> None:
    dependencies = paths_of(stage, "deps")
    uncovered = sorted(
        module
        for module in modules_behind(stage) - NO_FORMULA.keys()
        if not any(covers(dependency, module) for dependency in dependencies)
    )
    assert not uncovered, f"add to the deps of {stage} in dvc.yaml: {', '.join(uncovered)}"


@every_stage
def test_a_stage_depends_on_the_files_that_it_finds_by_name(stage: str) -> None:
    behind, dependencies = modules_behind(stage), paths_of(stage, "deps")
    uncovered = {
        file
        for file in (FOUND_BY_NAME[module] for module in behind & FOUND_BY_NAME.keys())
        if not any(PurePosixPath(file).is_relative_to(d) for d in dependencies)
    }
    assert not uncovered, f"add to the deps of {stage} in dvc.yaml: {', '.join(uncovered)}"


@every_stage
def test_the_code_that_a_stage_depends_on_is_there(stage: str) -> None:
    for dependency in paths_of(stage, "deps"):
        if not dependency.startswith(("data/", "artifacts/")):
            for model in params()["models"]:
                assert (ROOT / dependency.replace("${key}", model)).exists(), dependency


@every_stage
def test_the_data_that_a_stage_depends_on_is_made_by_an_earlier_one(stage: str) -> None:
    made: set[str] = set()
    for earlier in list(STAGES)[: list(STAGES).index(stage)]:
        made |= {_anyone(path) for path in paths_of(earlier, "outs", "metrics", "plots")}
    needed = {p for p in paths_of(stage, "deps") if p.startswith(("data/", "artifacts/"))}
    needed -= set(KEPT_IN_GIT)
    # A folder is made where anything in it is.
    lacking = [
        n for n in map(_anyone, needed) if not any(f"{m}/".startswith(f"{n}/") for m in made)
    ]
    assert not lacking


@every_stage
def test_every_setting_that_a_stage_reads_is_in_params(stage: str) -> None:
    over = params()[STAGES[stage]["over"].strip("${}")]
    for key, item in over.items():
        for stated in STAGES[stage]["params"]:
            path = stated.replace("${key}", key)
            path = path.replace("${item.portfolio}", item.get("portfolio", ""))
            section: Any = params()
            for part in path.split("."):
                assert part in section, f"{stage}@{key}: {path} is not in params.yaml"
                section = section[part]


def test_the_list_of_modules_without_a_formula_names_only_modules() -> None:
    graph = grimp.build_graph("limner", cache_dir=None)
    assert NO_FORMULA.keys() | FOUND_BY_NAME.keys() <= graph.modules


def test_the_last_stage_runs_each_time_after_all_others_and_writes_nothing() -> None:
    last = EVERY[list(EVERY)[-1]]
    assert EVERY.keys() - STAGES.keys() == {list(EVERY)[-1]}
    assert COMMAND.fullmatch(last["cmd"] + " ${key}"), last["cmd"]
    assert last["always_changed"] is True
    assert not {"outs", "metrics", "plots"} & last.keys()
    (watched,) = last["deps"]
    assert all(path.startswith(f"{watched}/") for path in paths_of("register", "outs"))


def _anyone(path: str) -> str:
    """Write a path without saying which of its placeholders names the portfolio."""
    return re.sub(r"\$\{[\w.]+\}", "*", path)


@pytest.mark.parametrize("stage", get_args(ModelStage))
def test_a_stage_of_a_model_that_is_left_out_writes_every_output(stage: ModelStage) -> None:
    stated = {path.replace("${key}", "m") for path in paths_of(stage, "outs", "metrics", "plots")}
    written = {path.as_posix() for path in model_outputs(ArtifactPaths.of("m"))[stage]}
    assert written == stated
