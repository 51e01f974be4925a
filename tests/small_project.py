"""A copy of the project over small generated extracts: the whole flow in about a minute."""

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from limner.artifacts import BankPaths, write_text
from synthetic import write_bank_marketing_extract, write_give_me_credit_extract

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
COPIED = ("src", "dvc.yaml", "uv.lock", ".dvcignore", ".gitignore")
WRITERS = {
    "bank_marketing": write_bank_marketing_extract,
    "give_me_credit": write_give_me_credit_extract,
}
# Without a file: it is left out, and so is its model.
LEFT_OUT_MART, LEFT_OUT_MODEL = "pakdd_2009", "pakdd_default"
# One model of a bank: its others go the same way.
BANK_MODEL = "attrition"


@dataclass(frozen=True)
class SmallProject:
    """A git and DVC checkout of its own, closed to the network."""

    folder: Path

    @property
    def network_log(self) -> Path:
        return self.folder.parent / "network.log"

    def run(self, *command: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        """Run a command of this environment in the project; fail on another exit code."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("MLFLOW_")}
        environment |= {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(
                [str(self.folder / "src"), str(ROOT / "tests" / "closed_network")]
            ),
            "CLOSED_NETWORK_LOG": str(self.network_log),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "HOME": str(self.folder.parent),
        }
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True,
            timeout=600, check=False,
        )  # fmt: skip
        if expect is not None and done.returncode != expect:
            raise AssertionError(
                f"{' '.join(command)} left with {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done

    def stage(self, name: str, argument: str, expect: int | None = 0) -> Any:
        """Run one stage as DVC does."""
        return self.run("python", "-m", f"limner.{name}", argument, expect=expect)

    def params(self) -> dict[str, Any]:
        content: dict[str, Any] = yaml.safe_load((self.folder / "params.yaml").read_text("utf-8"))
        return content

    def set_params(self, params: dict[str, Any]) -> None:
        text = yaml.safe_dump(params, sort_keys=False, allow_unicode=True)
        (self.folder / "params.yaml").write_text(text, encoding="utf-8")

    def copy(self, folder: Path) -> "SmallProject":
        """Copy everything, made files included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return SmallProject(folder)

    def reran(self, *command: str) -> list[str]:
        """Run a DVC command and list the stages it ran, in order."""
        output = self.run(*command).stdout
        return [line.split("'")[1] for line in output.splitlines() if line.startswith("Running")]


def make_small_project(folder: Path, rows: int = 2500) -> SmallProject:
    """Copy the project over generated extracts, with settings that keep it quick."""
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder / name)
    project = SmallProject(folder)
    params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    whole = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    params["portfolios"] = {name: params["portfolios"][name] for name in (*WRITERS, LEFT_OUT_MART)}
    params["portfolios"][LEFT_OUT_MART]["source"]["location"] = None
    params["out_of_time_from"] = {
        name: params["out_of_time_from"][name] for name in (*params["portfolios"], *params["banks"])
    }
    params["delayed_samples"] = {}
    params["models"] = {
        name: model for name, model in params["models"].items()
        if model["portfolio"] in WRITERS or name in (BANK_MODEL, LEFT_OUT_MODEL)
    }  # fmt: skip
    _remove_definitions(folder / "src" / "limner", whole, params)
    for portfolio, write in WRITERS.items():
        extract = folder.parent / f"{portfolio}.csv.gz"
        write(extract, rows, seed=7)
        params["portfolios"][portfolio]["source"] = source_of(extract)
    project.set_params(_quick(params))
    for bank in params["banks"]:
        write_text(
            folder / BankPaths.of(bank).decisions, "record_a,record_b,decision,by,when,why\n"
        )
    project.run("git", "init", "--quiet", ".")
    project.run("dvc", "init", "--quiet")
    shutil.copy(ROOT / ".dvc" / "config", folder / ".dvc" / "config")
    commit(project)
    return project


def _remove_definitions(package: Path, whole: dict[str, Any], kept: dict[str, Any]) -> None:
    """Take the files away of what the copy's settings leave out: no half of a definition stays."""
    for model in whole["models"].keys() - kept["models"].keys():
        (package / "models" / f"{model}.py").unlink()
    for mart in whole["portfolios"].keys() - kept["portfolios"].keys():
        for file in (f"portfolios/{mart}.py", f"portfolios/{mart}.sql", f"features/{mart}.py"):
            (package / file).unlink()


def source_of(extract: Path) -> dict[str, Any]:
    """State a file as params.yaml wants it."""
    content = extract.read_bytes()
    return {
        "location": str(extract),
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def commit(project: SmallProject) -> None:
    """Commit all that git does not ignore."""
    project.run("git", "add", "--all")
    project.run(
        "git", "-c", "user.name=Test", "-c", "user.email=test@example.invalid",
        "commit", "--quiet", "--allow-empty", "--message", "State of the test",
    )  # fmt: skip


def _quick(params: dict[str, Any]) -> dict[str, Any]:
    params["runtime"]["threads"] = 1
    params["assessment"]["resamples"] = 50
    # So few customers leave.
    params["rivals"]["calibration_folds"] = 2
    params["explanation"] |= {"customers": 200, "dependence_plots": 2}
    params["fairness"] |= {"minimum_group": 40, "minimum_outcomes": 5}
    params["monitoring"]["rows"] = 400
    harbour = params["banks"]["harbour"]
    harbour["made"] |= {
        "customers": 800,
        "months": 14,
        "first_month": "2023-11-01",
        "drift_from": "2024-07-01",
        "corrupt_share": 0.003,
    }
    harbour["snapshots"] = {"first": "2024-03-01", "last": "2024-11-01"}
    params["out_of_time_from"]["harbour"] = "2024-05-01"
    params["models"][BANK_MODEL]["snapshots"] |= {
        "first": "2024-03-01", "last": "2024-05-01", "observation_months": 3,
    }  # fmt: skip
    for model in params["models"].values():
        # All of it, so that what is tuned on real customers leaves these models as they are.
        model["training"] = {
            "rounds": 40, "early_stopping": 10, "max_depth": 3, "learning_rate": 0.05,
            "min_child_weight": 5.0, "subsample": 0.8, "column_sample": 0.8, "l2": 1.0,
        }  # fmt: skip
        model["gates"] = {"minimum": {}, "maximum": {"test/ece": 0.5}}
    params["models"]["deposit_segments"]["segmentation"] |= {
        "candidates": [3, 4], "resample_pairs": 2, "starts": 2,
    }  # fmt: skip
    return params
