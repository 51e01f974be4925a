"""Values set in a block of ``params.yaml``; every comment and every other line stays."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from limner.errors import NoPlaceForDrafts
from limner.onboarding.params_block import FILE

Value = float | int | str


def set_values(text: str, path: Sequence[str], values: Mapping[str, Value]) -> str:
    """Set plain values of a block; keys that it lacks are put at its end.

    Args:
        text: the whole file, comments and all.
        path: keys that lead to the block, such as ``("models", "x", "training")``. Its last
            block is made if it is absent.

    Raises:
        NoPlaceForDrafts: the block is written in braces, is not there, or setting the
            values would change anything else.
    """
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += newline
    start, end, indent = _find_or_make(lines, path, newline)
    waiting = dict(values)
    for place in range(start, end):
        found = re.match(rf"{indent}([\w.]+):(\s+)([^#\s]\S*)?(.*)", lines[place].rstrip("\r\n"))
        if found and found[1] in waiting:
            value = _as_yaml(waiting.pop(found[1]))
            lines[place] = _with_comment(f"{indent}{found[1]}: {value}", lines[place]) + newline
    added = [f"{indent}{key}: {_as_yaml(value)}{newline}" for key, value in waiting.items()]
    result = "".join([*lines[:end], *added, *lines[end:]])
    _refuse_unless_only_set(text, result, path, values)
    return result


def _find_or_make(lines: list[str], path: Sequence[str], newline: str) -> tuple[int, int, str]:
    """Find a block's first line, the line after its last, and the indent of its keys."""
    start, end, indent = 0, len(lines), ""
    for depth, key in enumerate(path):
        place = next((i for i in range(start, end) if _is_key(lines[i], indent, key)), None)
        if place is None and depth < len(path) - 1:
            raise NoPlaceForDrafts(f"{FILE} has no {'.'.join(path)}", "write the block by hand")
        if place is None:
            place = _last_of(lines, start, end)
            lines.insert(place, f"{indent}{key}:{newline}")
            return place + 1, place + 1, indent + "  "
        if lines[place].split("#")[0].strip() != f"{key}:":
            where = ".".join(path[: depth + 1])
            raise NoPlaceForDrafts(
                f"{FILE} writes {where} in braces", "write it as a block, one key below another"
            )
        start = place + 1
        end = _end_of(lines, start, end, indent)
        indent = _indent_of(lines, start, end)
        end = _last_of(lines, start, end)
    return start, end, indent


def _is_key(line: str, indent: str, key: str) -> bool:
    return line.startswith(f"{indent}{key}:")


def _end_of(lines: list[str], start: int, end: int, indent: str) -> int:
    for place in range(start, end):
        line = lines[place]
        told = line.strip() and not line.strip().startswith("#")
        if told and len(line) - len(line.lstrip()) <= len(indent):
            return place
    return end


def _last_of(lines: list[str], start: int, end: int) -> int:
    """Find the line after the last that is not empty or a comment: those belong to the next."""
    while end > start and (not lines[end - 1].strip() or lines[end - 1].strip().startswith("#")):
        end -= 1
    return end


def _indent_of(lines: list[str], start: int, end: int) -> str:
    first = next(line for line in lines[start:end] if line.strip() and line.strip()[0] != "#")
    return first[: len(first) - len(first.lstrip())]


def _as_yaml(value: Value) -> str:
    if isinstance(value, str):
        # Digits alone would be read as a number.
        return f'"{value}"'
    return str(value) if isinstance(value, int) else _float_text(value)


def _float_text(value: float) -> str:
    # YAML reads 1e-05 as text: a point makes it a number.
    text = repr(value)
    return re.sub(r"^(-?\d+)e", r"\1.0e", text)


def _with_comment(entry: str, old: str) -> str:
    """Keep the comment behind a value, in its column where that is free."""
    body, mark, comment = old.rstrip("\r\n").partition(" #")
    if not mark:
        return entry
    return f"{entry.ljust(len(body))} #{comment}"


def _refuse_unless_only_set(
    before: str, after: str, path: Sequence[str], values: Mapping[str, Value]
) -> None:
    expected: Any = yaml.safe_load(before)
    block = expected
    for key in path[:-1]:
        block = block[key]
    block[path[-1]] = {**(block.get(path[-1]) or {}), **values}
    if yaml.safe_load(after) != expected:
        where = ".".join(path)
        raise NoPlaceForDrafts(
            f"setting {where} would change other entries of {FILE}",
            "write the block one key below another, indented evenly, or set it by hand",
        )
