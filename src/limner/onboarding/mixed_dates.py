"""Dates of a column that contradict each other: day first in some lines, month first in others."""

from limner.intake.extract_file import is_parquet
from limner.intake.separators import all_records
from limner.onboarding.profile import ROW, ColumnProfile, TableProfile

_SHOWN = 3


def why_mixed(table: TableProfile, column: ColumnProfile) -> str:
    """Say which lines have the day first and which the month; '' where no two contradict."""
    dates = column.mixed_dates or column.dates
    if dates is None or not dates.rival:
        return ""
    day, month = sorted((dates.formats[0], dates.rival))
    return (
        f"{_lines(table, column, day, month)} can only have the day first,"
        f" {_lines(table, column, month, day)} only the month"
    )


def _lines(table: TableProfile, column: ColumnProfile, form: str, rival: str) -> str:
    dates = column.mixed_dates or column.dates
    assert dates is not None
    fits = dates.fits_only_sql(column.text, form, rival)
    found = table.connection.execute(
        f"SELECT {ROW}, count(*) OVER () FROM extract WHERE {fits} ORDER BY {ROW} LIMIT {_SHOWN}"
    ).fetchall()
    rows, total = [int(row) for row, _ in found], int(found[0][1]) if found else 0
    name, places = _places(table, rows)
    more = f" and {total - len(rows):,} more" if total > len(rows) else ""
    return f"{name} {', '.join(str(place) for place in places)}{more}"


def _places(table: TableProfile, rows: list[int]) -> tuple[str, list[int]]:
    """Number rows as a person finds them: lines of a text file, rows of a Parquet file."""
    if is_parquet(table.file):
        return "rows", [row + 1 for row in rows]
    shape, lines, at = table.shape, [], -1 if table.shape.header else 0
    for record in all_records(table.file, shape.encoding.name, shape.separator):
        if record.line <= shape.skip_rows:
            continue
        if at in rows:
            lines.append(record.line)
        if at >= max(rows, default=0):
            break
        at += 1
    return "lines", lines
