"""How every stage is run: ``python -m limner.stages.<stage> [NAME]``."""

import inspect
import sys
from collections.abc import Callable

from limner.errors import LimnerError, unwritable_told
from limner.interruption import interruptible
from limner.running_code import refuse_foreign_code


def run_from_command_line(stage: Callable[..., None]) -> None:
    """Run a stage on the name given, if it has one; a :class:`LimnerError` is one line."""
    names = [name.upper() for name in inspect.signature(stage).parameters]
    if len(sys.argv) != 1 + len(names):
        print(" ".join((f"usage: python -m {_module_of(stage)}", *names)), file=sys.stderr)
        raise SystemExit(2)
    try:
        with interruptible(), unwritable_told():
            refuse_foreign_code()
            stage(*sys.argv[1:])
    except LimnerError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def progress(text: str) -> None:
    """Show progress at once, even where output is piped."""
    print(f"  {text}", flush=True)


def _module_of(stage: Callable[..., None]) -> str:
    # A module that is run with -m is called __main__; its own name is in its spec.
    spec = getattr(sys.modules[stage.__module__], "__spec__", None)
    return spec.name if spec else stage.__module__
