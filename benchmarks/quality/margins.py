"""Amounts of the synthetic bank against what each customer truly earned it.

Two questions are kept apart: how near the definition, worked out from what a bank's tables hold,
comes to the truth that only the maker knows; and how near the model comes to either.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from truth import BANK, JUDGED, KEYS, pseudonyms

from limner.artifacts import ArtifactPaths, BankPaths, require
from limner.assessment.amount_figures import AmountFigures
from limner.assessment.bootstrap import bootstrap
from limner.modelling.fitted import read_model
from limner.modelling.training import facts_of
from limner.samples import customer_numbers, sample_rows
from limner.scoring import matrix_of, scored
from limner.settings import Settings

MODEL = "lifetime_value"
MONTHS = 12
SHOWN = ("r2", "rank_correlation", "mae", "rmse", "bias")


def against_margins(settings: Settings) -> list[dict[str, Any]]:
    """Judge definition and model, as they stand in ``artifacts/``, on test and out of time."""
    paths = ArtifactPaths.of(MODEL)
    fitted = read_model(paths.fitted_model, settings.runtime.threads)
    customers = pd.read_parquet(require(paths.sample))
    truth = true_margins(customers["snapshot_date"].unique(), settings)
    found = []
    for sample in JUDGED:
        rows = sample_rows(customers, sample)
        values = matrix_of(fitted, facts_of(rows, fitted.manifest.columns), MODEL)
        result = scored(fitted, values)
        assert result.interval is not None
        both = rows[[*KEYS, fitted.manifest.outcome.column]].assign(
            expected=result.value, low=result.interval[:, 0], high=result.interval[:, 1]
        )
        both = both.merge(truth, on=KEYS, how="left").fillna({"truth": 0.0, "months": 0})
        found.append(
            {"sample": sample.value}
            | {
                who: _judge(rows, fitted.manifest.outcome.column, settings)
                for who, rows in (("everybody", both), ("stayed", both[both["months"] == MONTHS]))
            }
        )
    return found


def true_margins(snapshots: Any, settings: Settings) -> pd.DataFrame:
    """Add up what customers truly earned the bank in the months after each snapshot."""
    file = require(BankPaths.of(BANK).truth) / "monthly.parquet"
    monthly = pd.read_parquet(file, columns=[*KEYS, "margin_minor"])
    # A row is of the month before its day.
    ended = pd.to_datetime(monthly["snapshot_date"])
    parts = []
    for snapshot in map(pd.Timestamp, snapshots):
        inside = (ended > snapshot) & (ended <= snapshot + pd.DateOffset(months=MONTHS))
        summed = monthly[inside].groupby("customer_id")["margin_minor"].agg(["sum", "size"])
        named = summed.rename(columns={"sum": "truth", "size": "months"}).reset_index()
        parts.append(named.assign(snapshot_date=snapshot))
    found = pd.concat(parts, ignore_index=True)
    return found.assign(
        customer_id=pseudonyms(found["customer_id"], settings),
        snapshot_date=found["snapshot_date"].astype("datetime64[ns]"),
    )


def _judge(both: pd.DataFrame, column: str, settings: Settings) -> dict[str, Any]:
    inside = (both["truth"] >= both["low"]) & (both["truth"] <= both["high"])
    return {
        "rows": len(both),
        "true_mean": float(both["truth"].mean()),
        "definition": _figures(both[column], both, settings),
        "model": _figures(both["expected"], both, settings),
        "coverage": float(inside.mean()),
    }


def _figures(numbers: "pd.Series[Any]", both: pd.DataFrame, settings: Settings) -> dict[str, Any]:
    """Hold amounts against the true ones."""
    figures = AmountFigures(
        numbers.to_numpy(dtype=np.float64), both["truth"].to_numpy(dtype=np.float64), None
    )
    limits = settings.assessment
    drawn = bootstrap(
        figures, len(both), limits.resamples, limits.confidence, settings.seed,
        customer_numbers(both), frozenset(SHOWN),
    )  # fmt: skip
    return {name: drawn[name].model_dump() for name in SHOWN}


def section(found: list[Mapping[str, Any]]) -> Iterator[str]:
    """Write the page's section."""
    yield ""
    yield f"## `{MODEL}` — margin of a customer against what is true 客户贡献利润与真值"
    yield ""
    yield (
        "*Definition*: the margin that `customer_margin` works out from trusted tables, against"
        " what the maker of the bank knows that the customer earned in the same twelve months."
        " *Model*: the expected amount against the same truth. Minor units. The truth ends when a"
        " customer leaves, be it only by using the account no more; a bank's tables show the loan"
        " that is still served and the account that lies open, and the definition counts them."
        " *Stayed*: the truth knows the customer in all twelve months. Besides, by the definition"
        " every payment by card or online earns interchange, by the truth five kinds of shop do."
    )
    yield ""
    yield (
        "| what | who | sample | rows | R² | rank correlation | mean absolute error | RMSE"
        " | mean less true mean | true mean |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for row in found:
        for who in ("everybody", "stayed"):
            for what in ("definition", "model"):
                yield _line(what, who, row["sample"], row[who])
    yield ""
    told = "; ".join(
        f"{row['sample'].replace('_', ' ')} {row['everybody']['coverage']:.1%} of everybody,"
        f" {row['stayed']['coverage']:.1%} of those who stayed"
        for row in found
    )
    yield f"True margins within the intervals, which were made for the definition's: {told}."


def _line(what: str, who: str, sample: str, row: Mapping[str, Any]) -> str:
    figures = row[what]
    return (
        f"| {what} | {who} | {sample.replace('_', ' ')} | {row['rows']:,}"
        f" | {_ratio(figures['r2'])} | {_ratio(figures['rank_correlation'])}"
        f" | {_money(figures['mae'])} | {_money(figures['rmse'])} | {_money(figures['bias'])}"
        f" | {row['true_mean']:,.0f} |"
    )


def _ratio(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:.4f} ({figure['low']:.4f} to {figure['high']:.4f})"


def _money(figure: Mapping[str, float]) -> str:
    return f"{figure['value']:,.0f} ({figure['low']:,.0f} to {figure['high']:,.0f})"
