"""Data drift and data summary by Evidently: the same input gives the same bytes.

The only door to ``evidently``. It runs in a process of its own, where everything that would vary
from run to run is fixed: Evidently sums and lists categories in the order of Python sets, which is
salted anew in each process, and names every part of its page by clock and chance.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import pandas as pd

from limner.errors import ColumnMissing
from limner.monitoring.evidently_page import settle_page

MISSING, PRESENT = "(missing)", "(present)"

Draw = Literal["all", "drifted"]

_OUR_TESTS = {"DriftedColumnsCount", "ValueDrift"}


class DriftLimits(Protocol):
    """Which statistic compares a column, and from where on it counts as drift."""

    @property
    def number_method(self) -> str:
        """Evidently's name of the statistic for numbers, for example ``wasserstein``."""

    @property
    def number_threshold(self) -> float:
        """Limit of that statistic, in its own unit (a distance, or a p-value for a test)."""

    @property
    def category_method(self) -> str:
        """Evidently's name of the statistic for categories, for example ``jensenshannon``."""

    @property
    def category_threshold(self) -> float:
        """Limit of that statistic, in its own unit."""

    @property
    def drifted_share(self) -> float:
        """Share of drifted columns, 0 to 1, at or above which the data set has drifted."""


@dataclass(frozen=True)
class ColumnDrift:
    """Evidently's verdict on one column.

    ``method`` ends in ``of presence`` where a side had no value to compare (see `drift_report`).
    ``score`` is NaN where the statistic is undefined: chi-square of one single category.
    """

    column: str
    kind: Literal["number", "category"]
    method: str
    score: float
    threshold: float
    drifted: bool


@dataclass(frozen=True)
class DriftReport:
    """What Evidently found, its page for a browser, and its own record of it.

    ``columns`` are the numbers, then the categories, in the order asked for. ``html`` is one
    self-contained page that fetches nothing. ``evidently`` is strict JSON data; the share in its
    ``DatasetMissingValueCount`` is missing values per row (Evidently's definition), so it may
    exceed 1.
    """

    columns: tuple[ColumnDrift, ...]
    drifted_share: float
    share_limit: float
    drift_found: bool
    reference_rows: int
    current_rows: int
    html: str
    evidently: dict[str, Any]


def drift_report(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    numbers: Sequence[str],
    categories: Sequence[str],
    limits: DriftLimits,
    draw: Draw = "all",
) -> DriftReport:
    """Compare current rows with reference rows, column by column.

    Only the named columns reach Evidently: no index, key or other column gets into the page.
    Missing values:

    * a category's missing value is a category of its own, ``(missing)``: a changed share of it
      is drift, and the page's count of missing values leaves it out;
    * a number's missing (or infinite) values are left out of its comparison, so a changed share
      of them is NOT drift; the summary in the page counts them on both sides;
    * a number without any value on one side has no distribution, so whether a value is present
      is compared instead, by the category method: gone on one side is drift, on both is not.

    Args:
        reference: one row a customer, shape (n_reference, any columns).
        current: the same columns, shape (n_current, any columns).
        numbers: columns compared as numbers.
        categories: columns compared as categories. 1 and 1.0 are the same category.
        limits: methods and limits. Nothing is left to Evidently's defaults.
        draw: columns whose figures and summary the page holds: ``all``, or for wide tables,
            whose page would be too heavy, ``drifted`` (where none is, the one nearest its
            limit). Every column is compared, and in the table of drift, either way.

    Returns:
        Evidently's verdicts; ``drift_found`` is ``drifted_share >= limits.drifted_share``.

    Raises:
        ColumnMissing: a side lacks a named column.
        ValueError: a side has no rows, no column is named or one twice, or a number's value is
            no number.
        RuntimeError: Evidently failed, for example on a method it does not know.
    """
    _refuse_what_cannot_be_compared(reference, current, [*numbers, *categories])
    facts = [_comparable(side, numbers, categories) for side in (reference, current)]
    without_values = [name for name in numbers if any(side[name].isna().all() for side in facts)]
    for side, name in itertools.product(facts, without_values):
        side[name] = np.where(side[name].isna(), MISSING, PRESENT)

    record, page = _ask_evidently(
        *facts,
        numbers=[name for name in numbers if name not in without_values],
        categories=[*without_values, *categories],
        limits=limits,
        draw=draw,
    )
    drifted_share, drift_found = _read_share(record)
    return DriftReport(
        columns=_read_columns(record, numbers, categories, without_values),
        drifted_share=drifted_share,
        share_limit=limits.drifted_share,
        drift_found=drift_found,
        reference_rows=len(reference),
        current_rows=len(current),
        html=page,
        evidently=record,
    )


def _refuse_what_cannot_be_compared(
    reference: pd.DataFrame, current: pd.DataFrame, columns: Sequence[str]
) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice or not columns:
        raise ValueError(f"columns named twice: {', '.join(twice)}" if twice else "no column named")
    for side, rows in (("reference", reference), ("current", current)):
        absent = [name for name in columns if name not in rows.columns]
        if absent:
            raise ColumnMissing(f"{side} rows", absent, [str(name) for name in rows.columns])
        if rows.empty:
            raise ValueError(f"there are no {side} rows to compare")


def _comparable(
    rows: pd.DataFrame, numbers: Sequence[str], categories: Sequence[str]
) -> pd.DataFrame:
    """Give numbers as float64 with NaN, categories as text, under a fresh row number."""
    columns = {name: _as_floats(rows[name]) for name in numbers}
    return pd.DataFrame(columns | {name: _as_labels(rows[name]) for name in categories})


def _as_floats(values: pd.Series[Any]) -> pd.Series[Any]:
    try:
        floats = values.to_numpy(dtype="float64", na_value=np.nan)
    except (TypeError, ValueError) as refusal:
        raise ValueError(f"column {values.name} holds a value that is no number") from refusal
    return pd.Series(np.where(np.isfinite(floats), floats, np.nan))


def _as_labels(values: pd.Series[Any]) -> pd.Series[Any]:
    label_of = {value: _label(value) for value in values.dropna().unique()}
    return pd.Series([label_of.get(value, MISSING) for value in values], dtype=object)


def _label(value: object) -> str:
    # A missing value elsewhere turns a column of codes into floats: 1 must not drift to 1.0.
    if isinstance(value, float | np.floating) and value.is_integer():
        return str(int(value))
    return str(value)


def _read_share(record: dict[str, Any]) -> tuple[float, bool]:
    (metric,) = (
        each for each in record["metrics"] if _kind(each["config"]) == "DriftedColumnsCount"
    )
    return float(metric["value"]["share"]), _failed_tests(record)[metric["id"]]


def _read_columns(
    record: dict[str, Any],
    numbers: Sequence[str],
    categories: Sequence[str],
    without_values: Sequence[str],
) -> tuple[ColumnDrift, ...]:
    drifts = [each for each in record["metrics"] if _kind(each["config"]) == "ValueDrift"]
    drift_of = {drift["config"]["column"]: drift for drift in drifts}
    failed = _failed_tests(record)

    def verdict(name: str, kind: Literal["number", "category"]) -> ColumnDrift:
        drift, config = drift_of[name], drift_of[name]["config"]
        return ColumnDrift(
            column=name,
            kind=kind,
            method=config["method"] + (" of presence" if name in without_values else ""),
            score=math.nan if drift["value"] is None else float(drift["value"]),
            threshold=float(config["threshold"]),
            drifted=failed[drift["id"]],
        )

    return (
        *(verdict(name, "number") for name in numbers),
        *(verdict(name, "category") for name in categories),
    )


def _failed_tests(record: dict[str, Any]) -> dict[str, bool]:
    """Whether Evidently's test of a metric failed, by the metric's id."""
    return {
        test["metric_config"]["metric_id"]: test["status"] == "FAIL" for test in record["tests"]
    }


def _kind(config: Mapping[str, Any]) -> str:
    return str(config["type"]).rpartition(":")[2]


def _ask_evidently(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    *,
    numbers: list[str],
    categories: list[str],
    limits: DriftLimits,
    draw: Draw,
) -> tuple[dict[str, Any], str]:
    """Run Evidently in a process of its own: its record and its page."""
    drift_options = {
        "columns": [*numbers, *categories],
        "num_method": limits.number_method,
        "num_threshold": limits.number_threshold,
        "cat_method": limits.category_method,
        "cat_threshold": limits.category_threshold,
        "drift_share": limits.drifted_share,
    }
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=pickle.dumps((reference, current, numbers, categories, drift_options, draw)),
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        check=False,
    )
    if done.returncode:
        trace = done.stderr.decode(errors="replace").strip()
        reason = trace.rpartition("\n")[2] or "without a word"
        fault = RuntimeError(f"Evidently failed (exit {done.returncode}): {reason}")
        fault.add_note(trace[-4000:])
        raise fault
    record, page = json.loads(done.stdout)
    return record, page


def _answer() -> None:
    """Be the process that runs Evidently: pickled question in, JSON answer out."""
    answer, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no part of the answer
    question = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own process wrote it
    _fix_what_varies()
    record, page = _run_evidently(*question)
    json.dump([record, page], answer)


def _fix_what_varies() -> None:
    """Count where Evidently draws an id, and seed.

    After its import, in every process: drawers that were bound at an earlier import would
    otherwise be counted in one process and not in another.
    """
    import random
    import uuid

    import evidently.presets
    import uuid6

    numbers = itertools.count(1)

    def next_id() -> uuid6.UUID:
        return uuid6.UUID(int=next(numbers))

    drawers = (uuid.uuid4, uuid6.uuid7)
    for name, module in list(sys.modules.items()):
        if name in ("uuid", "uuid6") or name.startswith(evidently.__name__):
            bound = [
                k for k, value in vars(module).items() if any(value is drawer for drawer in drawers)
            ]
            for attribute in bound:
                setattr(module, attribute, next_id)
    random.seed(0)
    np.random.seed(0)


def _run_evidently(
    reference: pd.DataFrame,
    current: pd.DataFrame,
    numbers: list[str],
    categories: list[str],
    drift_options: dict[str, Any],
    draw: Draw = "all",
) -> tuple[dict[str, Any], str]:
    import plotly.io
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset, DataSummaryPreset

    # Plotly's theme, copied into every figure, takes a third of the time and shows nothing.
    plotly.io.templates.default = None
    # Every kind is given, the empty ones too: Evidently guesses the kinds left out.
    definition = DataDefinition(
        numerical_columns=numbers,
        categorical_columns=categories,
        text_columns=[],
        datetime_columns=[],
        unknown_columns=[],
        list_columns=[],
    )
    sides = [Dataset.from_pandas(side, definition) for side in (current, reference)]

    def ask(*presets: Any) -> tuple[dict[str, Any], str]:
        # The verdicts are the outcomes of Evidently's tests, so its tests must run.
        snapshot = Report(list(presets), include_tests=True).run(*sides)
        # NaN and infinity are no JSON: a reader in another language would refuse the record.
        record = json.loads(snapshot.json(), parse_constant=lambda _: None)
        return record, snapshot.get_html_str(as_iframe=False)

    if draw == "all":
        record, page = ask(DataDriftPreset(**drift_options), DataSummaryPreset())
        settled = settle_page(page)
    else:
        _skip_figures_that_no_page_shows()
        record, page = ask(DataDriftPreset(**drift_options))
        drawn = _worth_drawing(record)
        summary, more = ask(DataSummaryPreset(columns=drawn))
        for part in ("metrics", "tests"):
            record[part] += summary[part]
        settled = settle_page(page, more, drawn)
    # The summary's tests judge each mean, quantile and row count by limits of Evidently's own
    # choice, and version 0.7.23 can neither switch off all of them nor render without them.
    record["tests"] = [
        test for test in record["tests"] if _kind(test["metric_config"]["params"]) in _OUR_TESTS
    ]
    return record, settled


def _skip_figures_that_no_page_shows() -> None:
    """Have each column drawn once, for the table of drift: a fifth of the time less."""
    from evidently.metrics.column_statistics import ValueDriftCalculation

    ValueDriftCalculation._render = lambda *_: []


def _worth_drawing(record: dict[str, Any]) -> list[str]:
    """Name the drifted columns; the one nearest its limit where there is none."""
    failed = _failed_tests(record)
    drifts = [each for each in record["metrics"] if _kind(each["config"]) == "ValueDrift"]
    drawn = [drift["config"]["column"] for drift in drifts if failed[drift["id"]]]
    if drawn:
        return drawn
    # Every statistic is a distance; an undefined one is nearest to nothing.
    nearest = max(drifts, key=lambda d: (d["value"] or 0) / d["config"]["threshold"])
    return [nearest["config"]["column"]]


if __name__ == "__main__":
    _answer()
