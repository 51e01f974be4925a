"""JSON whose objects name each key once: of two values an audit could not say which was meant."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any


class _Repeating(dict[str, Any]):
    """An object that names a key twice; ``repeated`` is the first such key."""

    repeated: str


def parse_json(text: bytes) -> tuple[Any, tuple[object, ...] | None]:
    """Parse JSON; also return the path to the first key that an object names twice, or None.

    Raises:
        json.JSONDecodeError, UnicodeDecodeError: it is no JSON.

    >>> parse_json(b'{"records": [{"age": 1, "age": 2}]}')[1]
    ('records', 0, 'age')
    """
    found = False

    def of_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal found
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        found = True
        counts = Counter(key for key, _ in pairs)
        repeating = _Repeating(made)
        repeating.repeated = next(key for key, count in counts.items() if count > 1)
        return repeating

    value = json.loads(text, object_pairs_hook=of_pairs)
    # The walk is for the rare body that repeats a key; a repeated value may hide the inner one.
    return value, next(_repeated(value, ()), ()) if found else None


def _repeated(value: Any, path: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    if isinstance(value, _Repeating):
        yield (*path, value.repeated)
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list):
            yield from _repeated(inner, (*path, key))
