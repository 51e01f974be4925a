"""A block put at the end of a section of ``params.yaml``; every other byte stays."""

from itertools import pairwise

import yaml

from limner.errors import DraftExists, NoPlaceForDrafts

FILE = "params.yaml"


def insert_block(text: str, section: str, name: str, block: str) -> str:
    """Insert a block as the last entry of a top-level section.

    Args:
        text: the whole file, comments and all.
        block: YAML of ``name: …`` with comments, indented by nothing.

    Raises:
        DraftExists: the section has an entry of that name.
        NoPlaceForDrafts: the section is not there, or is written in braces.
    """
    content = yaml.safe_load(text)
    inside = content.get(section) if isinstance(content, dict) else None
    if not isinstance(inside, dict) or not inside:
        raise NoPlaceForDrafts(f"{FILE} has no entries under {section}", "add the block by hand")
    if name in inside:
        raise DraftExists([f"{section}.{name} in {FILE}"])
    lines = text.splitlines(keepends=True)
    start = _line_of(lines, section)
    end = _end_of(lines, start)
    newline = "\r\n" if "\r\n" in lines[0] else "\n"
    space = _indent(lines[start + 1 : end])
    new = [f"{space}{line}".rstrip() + newline for line in block.rstrip("\n").split("\n")]
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += newline
    # Entries of a section keep the distance that those before them have.
    gap = [newline] if _has_gaps(lines[start + 1 : end], space) else []
    result = "".join([*lines[:end], *gap, *new, *lines[end:]])
    _refuse_unless_only_added(content, yaml.safe_load(result), section, name)
    return result


def _line_of(lines: list[str], section: str) -> int:
    start = next((i for i, line in enumerate(lines) if line.startswith(f"{section}:")), None)
    if start is None or lines[start].split("#")[0].strip() != f"{section}:":
        raise NoPlaceForDrafts(
            f"{FILE} writes {section} in braces", "write it as a block, one entry below another"
        )
    return start


def _end_of(lines: list[str], start: int) -> int:
    """Find the line after the section's last entry; comments behind it belong to the next."""
    last = start
    for place in range(start + 1, len(lines)):
        line = lines[place]
        if line.strip() and not line[0].isspace() and not line.startswith("#"):
            break
        if line.strip() and line[0].isspace():
            last = place
    return last + 1


def _indent(lines: list[str]) -> str:
    first = next(line for line in lines if line.strip() and not line.strip().startswith("#"))
    return first[: len(first) - len(first.lstrip())]


def _has_gaps(lines: list[str], space: str) -> bool:
    return any(
        not line.strip() and after.startswith(space) and not after[len(space)].isspace()
        for line, after in pairwise(lines)
    )


def _refuse_unless_only_added(
    before: dict[str, dict[str, object]], after: dict[str, dict[str, object]], section: str,
    name: str,
) -> None:  # fmt: skip
    rest = {key: value for key, value in after[section].items() if key != name}
    if name not in after[section] or {**after, section: rest} != before:
        raise NoPlaceForDrafts(
            f"a block under {section} would change other entries of {FILE}",
            "indent the file evenly, or add the block by hand",
        )
