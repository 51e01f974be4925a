"""Segments of the synthetic bank's customers against the kinds of people that they truly are.

What is true is written apart from what any stage reads; no choice of the segmentation rests on it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from truth import BANK, JUDGED, pseudonyms

from limner.artifacts import ArtifactPaths, BankPaths, require
from limner.assessment.bootstrap import estimate, resample_cells
from limner.assessment.month_to_month import adjusted_rand, month_to_month
from limner.modelling.fitted import FittedModel, read_model
from limner.modelling.training import facts_of
from limner.samples import CUSTOMER_COLUMN, SNAPSHOT_COLUMN, customer_numbers, sample_rows
from limner.scoring import matrix_of, scored
from limner.settings import Settings

MODEL = "customer_segments"
LEAST_TRUE, LEAST_MONTHS = 0.8, 0.9


def against_personas(settings: Settings) -> dict[str, Any]:
    """Judge the segments, as they stand in ``artifacts/``, on test and out of time."""
    paths = ArtifactPaths.of(MODEL)
    fitted = read_model(paths.fitted_model, settings.runtime.threads)
    customers = pd.read_parquet(require(paths.sample))
    personas = true_personas(settings)
    assert fitted.manifest.segmentation
    return {
        "names": [segment.name.en for segment in fitted.manifest.segmentation.segments],
        "samples": [
            _judge(sample.value, fitted, sample_rows(customers, sample), personas, settings)
            for sample in JUDGED
        ],
    }


def true_personas(settings: Settings) -> Mapping[str, str]:
    """Read which kind of person stands behind each pseudonym."""
    truth = require(BankPaths.of(BANK).truth) / "persons.parquet"
    found = pd.read_parquet(truth, columns=["customer_id", "persona"])
    names = pseudonyms(found["customer_id"], settings)
    return dict(zip(names, found["persona"].astype(str), strict=True))


def _judge(
    sample: str, fitted: FittedModel, rows: pd.DataFrame, personas: Mapping[str, str],
    settings: Settings,
) -> dict[str, Any]:  # fmt: skip
    manifest, assessment = fitted.manifest, settings.assessment
    values = matrix_of(fitted, facts_of(rows, manifest.columns), f"{MODEL}, {sample}")
    segment = scored(fitted, values).segment
    assert segment is not None
    assert manifest.segmentation
    kinds = sorted(set(personas.values()))
    person = np.array([kinds.index(personas[c]) for c in rows[CUSTOMER_COLUMN]])
    shape = (len(kinds), len(manifest.segmentation.segments))
    clusters = customer_numbers(rows)
    cell = person * shape[1] + segment
    table = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
    drawn = resample_cells(cell, shape, assessment.resamples, settings.seed, clusters)
    found = estimate(
        float(adjusted_rand(table.astype(np.float64))), adjusted_rand(drawn), assessment.confidence
    )
    months = month_to_month(
        sample, segment, clusters, rows[SNAPSHOT_COLUMN].to_numpy(), assessment, settings.seed
    )
    return {
        "sample": sample,
        "rows": len(rows),
        "customers": int(rows[CUSTOMER_COLUMN].nunique()),
        "truth": found.model_dump(),
        "months": months.next_snapshot.model_dump() if months else None,
        "personas": kinds,
        "table": (table / table.sum(axis=1, keepdims=True)).round(4).tolist(),
    }


def section(found: Mapping[str, Any] | None) -> Iterator[str]:
    """Write the page's section on segments."""
    yield ""
    yield f"## `{MODEL}`: against who the customers are"
    yield ""
    if found is None:
        yield "*Not measured yet.*"
        return
    yield (
        "The synthetic bank's customers are of six kinds that no extract names. Adjusted Rand"
        " index (1: identical, 0: as by chance) of the segments that the served model gives,"
        " against these kinds, and of one month's segments against the next month's of the same"
        f" customers. Bars: {LEAST_TRUE} and {LEAST_MONTHS}. How many segments there are follows"
        " from the development sample (stability and the Bayesian information criterion), and"
        " nothing that forms segments reads the truth; but whoever chose the features saw this"
        " figure for several sets of them (docs/experiments.md)."
    )
    yield ""
    yield "| sample | rows | customers | against the truth | from month to month |"
    yield "|---|---|---|---|---|"
    for one in found["samples"]:
        yield (
            f"| {one['sample'].replace('_', ' ')} | {one['rows']:,} | {one['customers']:,}"
            f" | {_held(one['truth'], LEAST_TRUE)} | {_held(one['months'], LEAST_MONTHS)} |"
        )
    yield ""
    yield "Where each kind of person goes, test sample:"
    yield ""
    numbers = range(1, len(found["names"]) + 1)
    yield f"| kind | {' | '.join(f'segment {n}' for n in numbers)} |"
    yield f"|---|{'---|' * len(found['names'])}"
    test = found["samples"][0]
    for kind, row in zip(test["personas"], test["table"], strict=True):
        yield f"| {kind} | {' | '.join(f'{share:.0%}' for share in row)} |"
    yield ""
    for number, name in zip(numbers, found["names"], strict=True):
        yield f"- segment {number}: {name}"


def _held(figure: Mapping[str, float] | None, bar: float) -> str:
    if figure is None:
        return "-"
    verdict = "met" if figure["value"] >= bar else "**missed**"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f}): {verdict}"
