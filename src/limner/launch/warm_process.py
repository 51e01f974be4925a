"""The warm process: imports third-party modules one by one and forks a stage when asked."""

import atexit
import contextlib
import fcntl
import gc
import importlib
import io
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from limner.launch.meeting import receive, send

# In the order in which the stages of a run need them. One that a stage asks for while the
# others are still on their way is served between two of them.
LIBRARIES = (
    "numpy", "pandas", "pyarrow.parquet", "duckdb", "pydantic.dataclasses", "yaml", "scipy.stats",
    "sklearn.cluster", "sklearn.linear_model", "plotly.graph_objects", "evidently",
    "evidently.presets", "uuid6", "xgboost", "matplotlib.pyplot", "fairlearn.metrics", "shap",
    "jinja2", "sqlalchemy", "mlflow", "mlflow.pyfunc", "mlflow.store.tracking.sqlalchemy_store",
    "mlflow.store.model_registry.sqlalchemy_store",
)  # fmt: skip
IDLE_SECONDS = 15.0

Run = Callable[[], None]


def serve(listener: socket.socket, libraries: tuple[str, ...], idle_seconds: float) -> Run | None:
    """Import and fork until nobody has come for a while.

    Returns:
        in a forked child, what it has to run; in the warm process None, at its end.
    """
    waiting = list(libraries)
    with selectors.DefaultSelector() as events:
        events.register(listener, selectors.EVENT_READ, None)
        running: dict[int, tuple[socket.socket, int]] = {}
        last = time.monotonic()
        while waiting or running or time.monotonic() - last < idle_seconds:
            ready = events.select(0 if waiting else 1.0)
            if not ready and waiting:
                _import(waiting.pop(0))
            for key, _ in ready:
                last = time.monotonic()
                if key.data is None:
                    if run := _take_in(listener, events, running):
                        return run
                else:
                    _settle(key.data, key.fileobj, events, running)
    return None


def _import(library: str) -> None:
    # A library that is not there is missed by the stage that needs it, in its own words.
    with contextlib.suppress(ImportError):
        importlib.import_module(library)
    # Collecting garbage would otherwise write to, and so copy, every page of every fork.
    gc.freeze()


def _take_in(
    listener: socket.socket, events: selectors.BaseSelector,
    running: dict[int, tuple[socket.socket, int]],
) -> Run | None:  # fmt: skip
    """Fork for whoever has come; the child is given what it has to run."""
    connection, _ = listener.accept()
    try:
        if _threads() > 1:
            raise EOFError("a fork now would not be safe")
        connection.settimeout(5)
        send(connection, {"listening": True})
        _, streams, _, _ = socket.recv_fds(connection, 1, 3)
        if len(streams) != 3:
            raise EOFError("it has gone to run by itself")
        request = receive(connection)
    except (OSError, EOFError):
        connection.close()
        return None
    process = os.fork()
    if process == 0:
        listener.close()
        for other, watched in running.values():
            other.close()
            os.close(watched)
        return lambda: _run(request, streams, connection)
    for received in streams:
        os.close(received)
    watched = os.pidfd_open(process)
    running[process] = (connection, watched)
    events.register(watched, selectors.EVENT_READ, process)
    events.register(connection, selectors.EVENT_READ, process)
    with contextlib.suppress(OSError):
        send(connection, {"process": process})
    return None


def _threads() -> int:
    """Count the threads that a fork would not survive.

    A fork copies one thread only: a lock that another holds would stay locked for ever in the
    child. Arrow's allocator has a thread in the background, but puts itself in order at a fork.
    """
    names = [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]
    return sum(name != "jemalloc_bg_thd" for name in names)


def _settle(
    process: int, source: Any, events: selectors.BaseSelector,
    running: dict[int, tuple[socket.socket, int]],
) -> None:  # fmt: skip
    """Report a stage that has ended; end one whose caller has gone."""
    if process not in running:
        return
    connection, watched = running[process]
    if source is connection:
        events.unregister(connection)
        os.kill(process, signal.SIGTERM)
        return
    del running[process]
    events.unregister(watched)
    os.close(watched)
    _, status = os.waitpid(process, 0)
    code = os.waitstatus_to_exitcode(status)
    with contextlib.suppress(KeyError, ValueError):
        events.unregister(connection)
    with contextlib.suppress(OSError):
        send(connection, {"exit_code": code if code >= 0 else 128 - code})
    connection.close()


def _run(request: dict[str, Any], streams: list[int], connection: socket.socket) -> None:
    """Be the stage: its streams, folder, environment and arguments, and Limner's code as it is."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin = sys.__stdin__ = _stream(0, "r")  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = _stream(1, "w")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = _stream(2, "w")  # type: ignore[misc]
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    for name in [n for n in sys.modules if n == "limner" or n.startswith("limner.")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    sys.path[0] = request["folder"]
    sys.argv = [request["module"], *request["arguments"]]
    code = _exit_code_of(request["module"])
    _settle_accounts()
    # The warm process may be busy importing: it tells of stages that could not tell themselves.
    with contextlib.suppress(OSError):
        send(connection, {"exit_code": code})
    os._exit(code)


def _settle_accounts() -> None:
    """Do what an exit owes to others.

    The interpreter would also take down, one by one, every object of every library: seconds in
    a fork, where each first write copies a page.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    left_open = [o for o in gc.get_objects() if isinstance(o, io.TextIOBase | io.BufferedIOBase)]
    for stream in (*left_open, sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()


def _exit_code_of(module: str) -> int:
    """Run a module to its end, as the interpreter does, and return what it would leave with."""
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return leaving.code or 0
        print(leaving.code, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BaseException:  # a fault of ours keeps its stack trace
        traceback.print_exc()
        return 1
    return 0


def _stream(number: int, mode: Literal["r", "w"]) -> io.TextIOWrapper:
    """Open a standard stream as the interpreter does at its start."""
    buffer = os.fdopen(number, f"{mode}b", closefd=False)
    at_once = os.isatty(number) or number == 2
    kept = "backslashreplace" if number == 2 else "surrogateescape" if mode == "r" else "strict"
    return io.TextIOWrapper(buffer, encoding="utf-8", errors=kept, line_buffering=at_once)


def main() -> None:
    """Be the one warm process of a meeting place, or leave it to the one that is there."""
    place = Path(sys.argv[1])
    with place.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        place.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen(16)
            run = serve(listener, LIBRARIES, IDLE_SECONDS)
            if run is None:
                place.unlink(missing_ok=True)
                return
    run()


if __name__ == "__main__":
    main()
