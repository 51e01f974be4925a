"""How every stage is run: ``python -m limner.launch stages.<stage> <name>``."""

import sys
from collections.abc import Callable

from limner.errors import LimnerError


def run_from_command_line(stage: Callable[[str], None]) -> None:
    """Run a stage on the name given; a :class:`LimnerError` is one line and its exit code."""
    if len(sys.argv) != 2:
        print(f"usage: python -m limner.launch stages.{stage.__name__} NAME", file=sys.stderr)
        raise SystemExit(2)
    try:
        stage(sys.argv[1])
    except LimnerError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        raise SystemExit(error.exit_code) from None


def progress(text: str) -> None:
    """Show progress at once, even where output is piped."""
    print(f"  {text}", flush=True)
