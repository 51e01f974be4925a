"""The code hash of a version covers what its stages import, and nothing else."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from limner.governance.code_closure import code_files, import_closure, starting_modules
from project import ROOT

SOURCE = ROOT / "src"
PACKAGES = ("limner", "harbour")
OF_A_BANK = starting_modules("retail_default", "harbour", "default_90_days", True, "harbour")
OF_A_MART = starting_modules("serious_delinquency", "give_me_credit", "serious_delinquency", False)

# One process edits each file named on its input, and prints the hash after each edit.
HASH_AFTER_EACH_EDIT = """
import json, sys
from pathlib import Path
import limner
from limner.governance.code_closure import code_hash

modules, files = json.load(sys.stdin)
root = Path(limner.__file__).parents[1]
hashes = [code_hash(modules)]
for name in files:
    before = (root / name).read_bytes()
    (root / name).write_bytes(before + b"\\n")
    hashes.append(code_hash(modules))
    (root / name).write_bytes(before)
print(json.dumps(hashes))
"""


@pytest.fixture(scope="module")
def copied_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source that a test may edit."""
    source = tmp_path_factory.mktemp("source") / "src"
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(SOURCE / package, source / package, ignore=ignored)
    return source


def run_python(code: str, source: Path, given: object) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(given),
        env=os.environ | {"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def hashes_after_edits(source: Path, files: list[str]) -> list[str]:
    found: list[str] = json.loads(run_python(HASH_AFTER_EACH_EDIT, source, (OF_A_BANK, files)))
    return found


def every_file() -> set[str]:
    return {
        file.relative_to(SOURCE).as_posix()
        for package in PACKAGES
        for file in (SOURCE / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def covered() -> set[str]:
    return {file.as_posix() for file in code_files(import_closure(OF_A_BANK))}


def test_an_edit_of_a_file_that_a_stage_rests_on_changes_the_hash(copied_source: Path) -> None:
    always = [
        "harbour/loans.py",
        "limner/governance/templates/review/1_verdict.html.j2",
        "limner/models/evaluation.py",
        "limner/models/input_checks.py",
        "limner/models/learning.py",
        "limner/models/population.py",
        "limner/portfolios/harbour/loans.sql",
        "limner/pyfunc_model.py",
        "limner/snapshots/draw.py",
    ]
    assert set(always) <= covered()
    files = always + random.Random(0).sample(sorted(covered() - set(always)), 30)
    before, *after = hashes_after_edits(copied_source, files)
    assert [name for name, found in zip(files, after, strict=True) if found == before] == []
    assert len(set(after)) == len(files)


def test_an_edit_of_any_other_file_leaves_the_hash(copied_source: Path) -> None:
    always = [
        "limner/cli.py",
        "limner/models/attrition.py",
        "limner/onboarding/plan.py",
        "limner/portfolios/bank_marketing.sql",
        "limner/portfolios/berka/loans.sql",
        "limner/services/app.py",
    ]
    others = every_file() - covered()
    assert set(always) <= others
    files = always + random.Random(0).sample(sorted(others - set(always)), 10)
    before, *after = hashes_after_edits(copied_source, files)
    assert set(after) == {before}


@pytest.mark.parametrize("modules", [OF_A_BANK, OF_A_MART], ids=["bank", "mart"])
def test_what_is_loaded_at_run_time_lies_within_the_closure(modules: tuple[str, ...]) -> None:
    code = (
        "import importlib, json, sys\n"
        "for name in json.load(sys.stdin):\n"
        # Declares a model to MLflow when it is imported, which belongs to no import of ours.
        "    if name != 'limner.pyfunc_model':\n"
        "        importlib.import_module(name)\n"
        "print(json.dumps([m for m in sys.modules if m.split('.')[0] == 'limner']))\n"
    )
    loaded = set(json.loads(run_python(code, SOURCE, modules)))
    assert loaded - import_closure(modules) == set()
    assert len(loaded) > 50


def test_the_definitions_that_are_found_by_name_are_among_the_starting_modules() -> None:
    assert {"harbour", "limner.models.retail_default"} <= set(OF_A_BANK)
    assert {
        "limner.portfolios.give_me_credit",
        "limner.features.give_me_credit",
        "limner.models.serious_delinquency",
    } <= set(OF_A_MART)


def test_every_template_and_sql_file_belongs_to_a_module_or_package() -> None:
    everything = {
        module_of(file) for package in PACKAGES for file in (SOURCE / package).rglob("*.py")
    }
    assert {file.as_posix() for file in code_files(everything)} == every_file()


def module_of(file: Path) -> str:
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
