"""Ctrl-C: one line, exit code 130, and nothing half-written, however early or late it comes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from limner.interruption import interruptible
from project import ROOT, changed, params

LINE = "Interrupted: nothing half-written is left"
STATUS = {signal.SIGINT: 130, signal.SIGTERM: 143}


def hear_interrupts() -> None:
    """Undo what a shell does to jobs that it starts in the background: they ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, *arguments], env=environment, text=True, start_new_session=True,
        preexec_fn=hear_interrupts,  # noqa: PLW1509  one thread starts it
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def files() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*") if path.is_file())


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    Path("params.yaml").write_text(yaml.safe_dump(params()), encoding="utf-8")


@pytest.mark.parametrize("number", STATUS)
@pytest.mark.parametrize(
    ("module", "library"),
    [
        (("limner.stages.train", "attrition"), "pandas"),
        (("limner.monitoring.drift", "give_me_credit"), "numpy"),
        (("limner", "models"), "pydantic"),
    ],
)
def test_a_cold_start_is_left_in_one_line(
    module: tuple[str, ...], library: str, number: signal.Signals
) -> None:
    process = start("-X", "importtime", "-m", *module)
    assert process.stderr
    # The interpreter tells of each import that has ended; the library's parts end before it does.
    for told in process.stderr:
        if told.rpartition("|")[2].strip().startswith(f"{library}."):
            break
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    own = [line for line in errors.splitlines() if not line.startswith("import time:")]
    assert own == [LINE]
    assert process.returncode == STATUS[number]
    assert files() == ["params.yaml"]


@pytest.mark.parametrize("number", STATUS)
def test_a_stage_at_work_leaves_nothing_half_written(number: signal.Signals) -> None:
    # Many small blocks: the first is told of long before the last is made.
    content = changed("banks.harbour.made.block_customers", 500)
    Path("params.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    process = start("-m", "limner.stages.acquire_bank", "harbour")
    assert process.stdout
    assert "customers made" in process.stdout.readline()
    assert any(".extract." in str(path) for path in Path("data").rglob("*"))
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.splitlines()) == (STATUS[number], [LINE])
    assert files() == ["params.yaml"]


def test_a_query_that_is_interrupted_is_no_fault_of_the_query() -> None:
    process = start(
        "-c",
        "from limner.interruption import interruptible\n"
        "from limner.engine import connect\n"
        "with interruptible(), connect() as connection:\n"
        "    print('begun', flush=True)\n"
        "    connection.execute('SELECT count(*) FROM range(100000000000) a'\n"
        "                       ' WHERE a.range % 7 = 3').fetchall()\n",
    )
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.splitlines()) == (130, [LINE])


def test_a_fault_without_a_signal_stays_a_fault() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(RuntimeError, match="ours"), interruptible():
        raise RuntimeError("ours")
    assert signal.getsignal(signal.SIGINT) is before


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    process = start(
        "-c",
        "import os, signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "from limner.interruption import interruptible\n"
        "with interruptible():\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    print('goes on')\n",
    )
    shown, _ = process.communicate(timeout=60)
    assert (process.returncode, shown) == (0, "goes on\n")
