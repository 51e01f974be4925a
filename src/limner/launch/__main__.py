"""``python -m limner.launch stages.<stage> <name>``: run a stage warm where that is possible."""

import contextlib
import os
import runpy
import signal
import socket
import subprocess
import sys
from pathlib import Path

from limner.launch.meeting import SWITCH, meeting_place, receive, send

# How long an answer may take before a stage starts by itself: the warm process may be busy
# importing, and then a stage that needs little is quicker alone.
_PATIENCE_SECONDS = 0.4


def main() -> None:
    """Run the module of Limner's that the command line names, with the arguments after it."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python -m limner.launch MODULE [ARGUMENT]...")
    module, arguments = f"limner.{sys.argv[1]}", sys.argv[2:]
    environment = {"PYTHONHASHSEED": "0"} | dict(os.environ)
    place = meeting_place(environment)
    if place is not None:
        _run_warm(place, module, arguments)
        _start_warm_process(place, environment)
    sys.argv = [sys.argv[0], *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _run_warm(place: Path, module: str, arguments: list[str]) -> None:
    """Have the warm process run the module and leave with its exit code, if there is one."""
    with contextlib.suppress(OSError, EOFError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(_PATIENCE_SECONDS)
        connection.connect(str(place))
        receive(connection)  # it is listening, not importing
        connection.settimeout(None)
        socket.send_fds(connection, [b"."], [0, 1, 2])
        send(
            connection,
            {"module": module, "arguments": arguments, "folder": str(Path.cwd()),
             "environment": dict(os.environ)},
        )  # fmt: skip
        raise SystemExit(_follow(connection))


def _follow(connection: socket.socket) -> int:
    """Wait for the stage; pass on what a terminal or a scheduler tells this process."""
    try:
        started = receive(connection)["process"]
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda told, _: os.kill(started, told))
        return int(receive(connection)["exit_code"])
    except (OSError, EOFError):
        # It may have begun: to run it a second time could do its work twice.
        print("the warm process was lost while it ran this stage; run it again,"
              f" with {SWITCH}=off if that happens twice", file=sys.stderr)  # fmt: skip
        return 1


def _start_warm_process(place: Path, environment: dict[str, str]) -> None:
    subprocess.Popen(
        [sys.executable, "-m", "limner.launch.warm_process", str(place)],
        env=_with_whole_paths(environment), cwd="/", start_new_session=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _with_whole_paths(environment: dict[str, str]) -> dict[str, str]:
    """State where modules lie as seen from the root, where the warm process stands."""
    places = environment.get("PYTHONPATH")
    if not places:
        return environment
    whole = os.pathsep.join(str(Path(place).absolute()) for place in places.split(os.pathsep))
    return environment | {"PYTHONPATH": whole}


if __name__ == "__main__":
    main()
