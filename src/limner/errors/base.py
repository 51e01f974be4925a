"""Every deliberate error: one base, an exit code each, a message that says what to do.

An error that is not a :class:`LimnerError` is a fault of Limner itself and keeps
its stack trace (exit code 1); these never show one.
"""

from collections.abc import Iterable
from typing import ClassVar


class LimnerError(Exception):
    """Base of every error that Limner raises on purpose."""

    exit_code: ClassVar[int] = 1


def some_of(values: Iterable[object], most: int = 8) -> str:
    """Name at most ``most`` values, so that an error stays one readable line.

    >>> some_of(["a", "b", "c"], most=2)
    'a, b … (1 more)'
    """
    named = [str(value) for value in values]
    rest = len(named) - most
    return ", ".join(named[:most]) + (f" … ({rest} more)" if rest > 0 else "")
