"""What is left of a portfolio whose source is not here, and of all that would be made of it.

A stage whose portfolio is left out writes every output that it must have, each of its kind: in
the place of a folder, or of a file of rows, a folder that holds nothing but the reason; JSON and
pages that say the reason; tables of plots without a row, and a picture of the reason.
"""

import contextlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

from limner.artifacts import replacing_folder, write_json, write_text
from limner.domain import Bilingual

MARKER = "LEFT_OUT"


def why_left_out(output: Path) -> str | None:
    """Say why an output that a folder or rows would be is left out, or None where it is not."""
    marker = output / MARKER
    return marker.read_text(encoding="utf-8").strip() if marker.is_file() else None


def clear_mark(output: Path) -> None:
    """Make way for a file of rows where a folder says that they were left out.

    Only the marker and then the empty folder are removed: any other content stays in the way.
    """
    if why_left_out(output) is not None:
        (output / MARKER).unlink()
        with contextlib.suppress(OSError):
            output.rmdir()


def leave_out(outputs: Iterable[Path], reason: str, title: Bilingual) -> None:
    """Write in the place of each output what says that, and why, it is not there."""
    for output in outputs:
        match output.suffix:
            case ".json":
                write_json(output, {"left_out": reason})
            case ".html":
                write_text(output, render_left_out_page(title, reason))
            case ".csv":
                write_text(output, "left_out\n")
            case _ if output.name == "plots":
                # DVC shows every file of this folder, and knows pictures only.
                with replacing_folder(output) as folder:
                    write_text(folder / f"{MARKER}.svg", _picture(reason))
            case _:
                mark_left_out(output, reason)


def mark_left_out(output: Path, reason: str) -> None:
    """Write a folder in the place of an output that holds nothing but the reason."""
    with replacing_folder(output) as folder:
        write_text(folder / MARKER, f"{reason}\n")


def render_left_out_page(title: Bilingual, reason: str) -> str:
    """Render the page of a portfolio, or a model, of which there is nothing."""
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title.en}</title>\n'
        f"<h1>{title.en} · {title.zh}</h1>\n<p>Left out · 未纳入: {escape(reason)}</p>\n</html>\n"
    )


def _picture(reason: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="40">'
        f'<text x="8" y="26">Left out · 未纳入: {escape(reason)}</text></svg>\n'
    )
