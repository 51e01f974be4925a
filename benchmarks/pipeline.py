"""Time the main job: cold, with nothing to do, and with one parameter changed.

    uv run python benchmarks/pipeline.py            # about ten minutes on two cores
    uv run python benchmarks/pipeline.py --rounds 1

Works in a clone of this checkout's last commit, in a temporary folder, so that nothing
here changes. The cold run and the plain script are timed in turn, so that a machine
that slows down slows both; medians are printed, and ratios to hold against the bars.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = Path("benchmarks/plain_script.py")
# What the plain script makes too: the models of the two feature marts, and all they rest on.
TARGETS = (
    "register@term_deposit_propensity", "register@deposit_segments",
    "register@serious_delinquency",
)  # fmt: skip
CHANGED = "models.serious_delinquency.training.max_depth=3"
BARS = {"cold, seconds": 240.0, "no-op, seconds": 6.0, "cold / plain script": 2.5}
MADE = ("data", "artifacts", "mlflow", "dvc.lock", ".dvc/cache", ".dvc/tmp")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="cold runs and plain runs, in turn")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch) / "limner"
        run(["git", "clone", "--quiet", str(ROOT), str(clone)], Path(scratch))
        cold, plain, locks = [], [], set()
        for number in range(rounds):
            forget(clone)
            cold.append(timed(["dvc", "repro", "--quiet", *TARGETS], clone))
            locks.add((clone / "dvc.lock").read_bytes())
            plain.append(timed([sys.executable, str(PLAIN)], clone))
            print(f"round {number + 1}: cold {cold[-1]:.1f} s, plain {plain[-1]:.1f} s", flush=True)
        idle = [timed(["dvc", "repro", "--quiet", *TARGETS], clone) for _ in range(5)]
        compare_figures(clone)
        reran = stages_rerun(clone)
    measured = {
        "cold, seconds": statistics.median(cold),
        "no-op, seconds": statistics.median(idle),
        "cold / plain script": statistics.median(a / b for a, b in zip(cold, plain, strict=True)),
    }
    print(f"plain script, seconds: {statistics.median(plain):.1f}")
    for name, value in measured.items():
        verdict = "met" if value <= BARS[name] else "MISSED"
        print(f"{name}: {value:.2f}  (bar {BARS[name]:g}, {verdict})")
    print(f"dvc.lock the same bytes in every cold run: {'yes' if len(locks) == 1 else 'NO'}")
    print(f"re-run after {CHANGED}: {', '.join(reran)}")


def forget(clone: Path) -> None:
    """Remove all that a run makes; DVC's cache too, or the run would only fetch from it."""
    for name in MADE:
        shutil.rmtree(clone / name, ignore_errors=True)


def compare_figures(clone: Path) -> None:
    """Show that both made the same models, to the third decimal."""
    plain = json.loads(run([sys.executable, str(PLAIN)], clone))
    for model, key in (
        ("term_deposit_propensity", "test/auc"),
        ("deposit_segments", "test/agreement"),
        ("serious_delinquency", "test/auc"),
    ):
        file = clone / "artifacts" / "models" / model / "metrics.json"
        ours = json.loads(file.read_text(encoding="utf-8"))[key]
        print(f"{model} {key}: pipeline {ours:.4f}, plain {plain[model][key]:.4f}")


def stages_rerun(clone: Path) -> list[str]:
    set_parameter(clone)
    output = run(["dvc", "repro", *TARGETS], clone)
    return [line.split("'")[1] for line in output.splitlines() if line.startswith("Running stage")]


def set_parameter(clone: Path) -> None:
    """Change one parameter as a person would in an editor."""
    file = clone / "params.yaml"
    before, _, after = file.read_text(encoding="utf-8").rpartition("max_depth: 4")
    file.write_text(f"{before}max_depth: 3{after}", encoding="utf-8")


def timed(command: list[str], where: Path) -> float:
    start = time.perf_counter()
    run(command, where)
    return time.perf_counter() - start


def run(command: list[str], where: Path) -> str:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(where / "src"),
        "OMP_WAIT_POLICY": "passive",
    }
    # As on a newcomer's machine: the default registry, and compiled code is kept.
    for name in ("MLFLOW_TRACKING_URI", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    done = subprocess.run(
        command, cwd=where, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
