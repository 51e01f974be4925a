"""The files of a comparison: the same for marts and banks, so that one reader reads both."""

from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from limner.artifacts import replacing, write_json, write_text
from limner.domain import Bilingual
from limner.monitoring.evidently_report import DriftReport
from limner.portfolios.left_out import clear_mark, leave_out

REFERENCE, PAGE, RECORD = "reference.parquet", "drift.html", "evidently.json"
VERDICT, METRICS = "drift.json", "metrics.json"


class Sides(NamedTuple):
    """The two bodies of customers that are compared, and what each of them is."""

    reference: pd.DataFrame
    current: pd.DataFrame
    reference_words: str
    current_words: str


def write_findings(found: DriftReport, sides: Sides, folder: Path) -> str:
    """Write a comparison's five files; return its outcome in one line.

    ``reference.parquet`` holds the compared columns of the reference and nothing else.
    """
    compared = [column.column for column in found.columns]
    drifted = sum(column.drifted for column in found.columns)
    verdict = {
        "drift_found": found.drift_found,
        "drifted_share": found.drifted_share,
        "share_limit": found.share_limit,
        "reference": sides.reference_words,
        "current": sides.current_words,
        "reference_rows": found.reference_rows,
        "current_rows": found.current_rows,
        "columns": [asdict(column) for column in found.columns],
    }
    clear_mark(folder / REFERENCE)
    with replacing(folder / REFERENCE) as temporary:
        sides.reference[compared].to_parquet(temporary, index=False)
    write_text(folder / PAGE, found.html)
    write_json(folder / RECORD, found.evidently)
    write_json(folder / VERDICT, verdict)
    write_json(
        folder / METRICS,
        {"drift/columns": len(compared), "drift/drifted_columns": drifted,
         "drift/drifted_share": round(found.drifted_share, 6),
         "drift/found": int(found.drift_found)},
    )  # fmt: skip
    return (
        f"{drifted} of {len(compared)} columns drifted, drift"
        f" {'found' if found.drift_found else 'not found'}; read {folder / PAGE}"
    )


def write_left_out(title: Bilingual, reason: str, folder: Path) -> None:
    """Write the same files for a portfolio that is left out: no rows, and why."""
    leave_out(
        (folder / name for name in (REFERENCE, PAGE, RECORD, VERDICT, METRICS)), reason, title
    )
