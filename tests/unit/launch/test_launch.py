"""A stage started warm behaves as one that Python started: only the imports are already there."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from limner.launch.meeting import meeting_place
from limner.launch.warm_process import serve
from project import ROOT

pytestmark = pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="stages start warm on Linux only"
)

PROBE = """
import os, sys
print(os.getpid(), os.getcwd(), sys.argv[1:], os.environ["ASKED"], sys.stdin.read(), flush=True)
print("said on stderr", file=sys.stderr)
kept_open = open("left_open.txt", "w")
kept_open.write("written all the same")
LAST_LINE
"""


class Launcher:
    """A copy of the launcher beside a module that tells where and how it was run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        package = folder / "src" / "limner"
        shutil.copytree(ROOT / "src" / "limner" / "launch", package / "launch")
        for name in ("__init__.py", "telemetry.py"):
            shutil.copy(ROOT / "src" / "limner" / name, package / name)
        self.probe = package / "probe.py"
        self.runtime = folder / "runtime"
        self.runtime.mkdir()
        self.environment = os.environ | {
            "PYTHONPATH": str(folder / "src"),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "ASKED": "asked",
            "LIMNER_WARM": "on",
        }

    def start(self, last_line: str = "", **environment: str) -> "subprocess.Popen[str]":
        self.probe.write_text(PROBE.replace("LAST_LINE", last_line), encoding="utf-8")
        return subprocess.Popen(
            [sys.executable, "-B", "-m", "limner.launch", "probe", "one", "two words"],
            cwd=self.folder, env=self.environment | environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, last_line: str = "", **environment: str) -> tuple[int, list[str], str, bool]:
        """Return exit code, what was said on both streams, and whether it ran in a fork."""
        started = self.start(last_line, **environment)
        out, err = started.communicate("typed", timeout=60)
        process, *said = out.split(" ", 1)
        return started.returncode, said, err, int(process) != started.pid

    @property
    def sockets(self) -> list[Path]:
        return list(self.runtime.glob("*/*.socket"))


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launcher]:
    made = Launcher(tmp_path_factory.mktemp("launch"))
    made.run()
    wait_for(lambda: made.sockets)
    wait_for(lambda: made.run()[3])  # its imports are done, or it answers between two of them
    yield made
    warm = subprocess.run(
        ["pgrep", "-f", f"warm_process {made.runtime}"], capture_output=True, text=True, check=False
    )
    for process in warm.stdout.split():
        os.kill(int(process), signal.SIGTERM)


def run_warm(launcher: Launcher, last_line: str = "") -> tuple[int, list[str], str]:
    """Run in a fork: while the warm process imports, a stage may start by itself."""
    found: list[tuple[int, list[str], str, bool]] = []

    def ran_warm() -> bool:
        found.append(launcher.run(last_line))
        return found[-1][3]

    wait_for(ran_warm)
    return found[-1][:3]


def test_a_place_of_modules_that_is_stated_from_here_is_the_same_warm(launcher: Launcher) -> None:
    runs: list[tuple[int, list[str], str, bool]] = []

    def ran_warm() -> bool:
        runs.append(launcher.run(PYTHONPATH="src"))
        return runs[-1][3]

    wait_for(ran_warm)
    assert [code for code, *_ in runs] == [0] * len(runs)


@pytest.mark.parametrize(
    "last_line",
    ["", "sys.exit(7)", "sys.exit('a last word')", "os.abort()", "raise KeyError('x')"],
)
def test_a_warm_stage_says_and_returns_what_a_cold_one_does(
    launcher: Launcher, last_line: str
) -> None:
    *cold, forked = launcher.run(last_line, LIMNER_WARM="off")
    assert not forked
    code, said, err = run_warm(launcher, last_line)
    assert said == cold[1]
    assert "typed" in said[0]
    assert "two words" in said[0]
    assert code == (cold[0] if cold[0] >= 0 else 128 - cold[0])
    if "raise" in last_line:
        assert err.splitlines()[-1] == cold[2].splitlines()[-1]
    else:
        assert err == cold[2]


def test_a_file_left_open_is_written(launcher: Launcher) -> None:
    left_open = launcher.folder / "left_open.txt"
    left_open.unlink(missing_ok=True)
    run_warm(launcher)
    assert left_open.read_text("utf-8") == "written all the same"


def test_code_that_changed_between_two_stages_is_the_code_that_runs(launcher: Launcher) -> None:
    run_warm(launcher)
    assert run_warm(launcher, "sys.exit(41)")[0] == 41
    assert run_warm(launcher, "sys.exit(142)")[0] == 142


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGKILL])
def test_a_stage_ends_with_the_process_that_asked_for_it(
    launcher: Launcher, told: signal.Signals
) -> None:
    run_warm(launcher)
    started = launcher.start("import time; time.sleep(60)")
    assert started.stdin and started.stdout
    started.stdin.close()
    stage = int(started.stdout.readline().split()[0])
    assert stage != started.pid
    started.send_signal(told)
    started.wait(timeout=20)
    assert started.returncode != 0
    wait_for(lambda: not Path(f"/proc/{stage}/cmdline").exists())


def test_another_environment_is_another_warm_process(launcher: Launcher) -> None:
    here = meeting_place(launcher.environment)
    assert here == meeting_place(launcher.environment | {"DVC_STAGE": "train@x"})
    assert here != meeting_place(launcher.environment | {"OMP_NUM_THREADS": "7"})


def test_never_meets_in_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    environment = {"XDG_RUNTIME_DIR": str(tmp_path)}
    assert meeting_place(environment)
    (tmp_path / f"limner-{os.getuid()}").chmod(0o755)
    assert meeting_place(environment) is None


def test_is_switched_off_by_a_word(tmp_path: Path) -> None:
    assert meeting_place({"XDG_RUNTIME_DIR": str(tmp_path), "LIMNER_WARM": "off"}) is None


def test_the_warm_process_ends_when_nobody_comes(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        began = time.monotonic()
        assert serve(listener, ("json", "no_such_library"), idle_seconds=0.1) is None
        assert time.monotonic() - began < 10
