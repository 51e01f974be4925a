"""Interruptions by Ctrl-C or a scheduler: one line, exit code 130 or 143, nothing half-written."""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

# A scheduler, or DVC when it is told to end, sends SIGTERM. Both end a stage the same way.
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_DEFAULTS = (signal.default_int_handler, signal.SIG_DFL)
_LINE = "Interrupted: nothing half-written is left"

_Handler = Callable[[int, FrameType | None], Any]


def leave_at_once_while_starting() -> None:
    """Leave on a signal while libraries are still being imported: nothing is to be tidied up.

    Some libraries catch or translate what a handler raises in the middle of their import, so
    that the process ends here. Call it before these imports, in a program's own process.
    """
    _set_handlers(_leave)


def leave_at_once_where_a_module_is_run() -> None:
    """Do so in the package of a module that ``python -m`` is about to run, and not elsewhere."""
    if sys.argv[:1] == ["-m"]:
        leave_at_once_while_starting()


@contextmanager
def interruptible() -> Iterator[None]:
    """Run a command or a stage; a signal ends it after its temporary files are removed.

    Any exception after a signal counts as the interruption: DuckDB raises an error of its own
    where a handler has raised KeyboardInterrupt.

    Raises:
        SystemExit: 130 after SIGINT, 143 after SIGTERM.
    """
    received: list[int] = []

    def interrupt(number: int, frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = _set_handlers(interrupt)
    try:
        yield
    except BaseException as fault:
        if not received and not isinstance(fault, KeyboardInterrupt):
            raise
        print(_LINE, file=sys.stderr)
        raise SystemExit(128 + (received or [signal.SIGINT])[0]) from None
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _set_handlers(handler: _Handler) -> dict[signal.Signals, Any]:
    """Set a handler for signals that are not ignored, as they are under nohup; return the old."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    before: dict[signal.Signals, Any] = {}
    for number, default in zip(_SIGNALS, _DEFAULTS, strict=True):
        found = signal.getsignal(number)
        if found in (default, _leave):
            before[number] = found
            signal.signal(number, handler)
    return before


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    os.write(2, f"{_LINE}\n".encode())
    os._exit(128 + number)
