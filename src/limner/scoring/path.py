"""The path from facts to scores: the same for a record, a list of them and a table."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.errors import AdditivityBroken, FieldFault, RecordInvalid
from limner.features.encoding import Matrix
from limner.features.values import Facts
from limner.modelling.fitted import FittedModel, Manifest
from limner.modelling.model_input import model_input
from limner.scoring.absent_facts import refuse_absent_facts, refuse_columns_twice
from limner.scoring.families import family_of
from limner.scoring.records import check_records, records_of_table
from limner.scoring.scores import Floats, Reason, Reasons, Score, Scored
from limner.scoring.table_columns import TableColumns

Places = npt.NDArray[np.int64]
# Rows of a table that one thread scores at a time: enough to be worth their Python, few enough for
# a column of them to stay near.
SCORED_AT_A_TIME = 65_536
# Many where they are explained: that costs something for each tree, however few the rows.
EXPLAINED_AT_A_TIME = 131_072


def score_records(
    fitted: FittedModel, records: Sequence[Mapping[str, Any]], reasons: bool = False
) -> list[Score]:
    """Score records as a client sends them.

    Args:
        records: each maps a fact's name to its value; an optional fact may be left
            out or null, and is then missing to the model.
        reasons: explain each score by the features that moved it most.

    Raises:
        RecordInvalid: every field of every record that breaks the contract.
    """
    check_records(fitted.manifest, records)
    if not records:
        return []
    facts = {name: [r.get(name) for r in records] for name in fitted.manifest.columns}
    values = matrix_of(fitted, facts, "records")
    margins = margins_of(fitted, values)
    family = family_of(fitted.manifest)
    why = _reasons(fitted, values, margins) if reasons else [()] * len(records)
    return family.scores(family.scored(margins), why)


def score_frame(fitted: FittedModel, frame: pd.DataFrame, reasons: bool = False) -> list[Score]:
    """Score a table of trusted facts; columns that the model does not use are ignored."""
    return score_records(fitted, records_of_table(fitted.manifest, frame), reasons)


def score_table(fitted: FittedModel, frame: pd.DataFrame, reasons: bool = False) -> pd.DataFrame:
    """Score a table of trusted facts as a table, in the same order.

    Returns:
        ``probability``, ``band``, ``points`` where the model has a scale, and ``favourable``;
        or ``segment``, ``name``, ``confidence`` and ``favourable``; or ``recommended``,
        ``probability``, one column a product and ``favourable``; or ``expected_minor``,
        ``low_minor``, ``high_minor``, ``tier`` and ``favourable``; with ``reasons``, the texts
        joined.

    Raises:
        FactsMissing, ColumnTwice: the table's columns are not the model's.
        RecordInvalid: every field of every row that breaks the contract.
    """
    names = [str(name) for name in frame.columns]
    refuse_columns_twice(names, fitted.manifest.columns, "the table")
    refuse_absent_facts(fitted.manifest, names)
    columns = TableColumns.of(fitted.manifest, frame)
    at_a_time = EXPLAINED_AT_A_TIME if reasons else SCORED_AT_A_TIME

    def score_part(start: int) -> tuple[pd.DataFrame | None, list[FieldFault]]:
        part = columns.part(start, at_a_time)
        if part.faults:
            return None, part.faults
        return _scored_part(fitted, part.facts, reasons), []

    with ThreadPoolExecutor(fitted.trees.threads) as pool:
        parts = list(pool.map(score_part, range(0, max(len(frame), 1), at_a_time)))
    faults = [fault for _, found in parts for fault in found]
    if faults:
        raise RecordInvalid(faults)
    return pd.concat([part for part, _ in parts if part is not None], ignore_index=True)


def example_table(manifest: Manifest) -> pd.DataFrame:
    """Lay out the manifest's example as a table typed as trusted tables are.

    Returns:
        two rows: the example, and the example without the facts that may be missing,
        whose columns are therefore floats.
    """
    optional = [name for name, column in manifest.columns.items() if not column.required]
    typical = dict(manifest.example)
    rows = [typical, typical | dict.fromkeys(optional)]
    return pd.DataFrame(rows).astype(
        {name: float for name in optional if manifest.columns[name].is_number}
    )


def matrix_of(fitted: FittedModel, facts: Facts, where: str) -> Matrix:
    """Encode facts for the trees; see :func:`limner.modelling.model_input.model_input`."""
    return model_input(fitted.manifest, facts, where)


def margins_of(fitted: FittedModel, values: Matrix) -> Matrix:
    """Score an encoded matrix as the model's family reads it; see :meth:`FittedModel.margins`."""
    margins = fitted.margins(values)
    part = fitted.manifest.choice
    return margins if part is None else part.asked(margins, fitted.manifest.features, values)


def scored(fitted: FittedModel, values: Matrix) -> Scored:
    """Score an encoded matrix, shape (n_customers, n_features), as arrays."""
    return family_of(fitted.manifest).scored(margins_of(fitted, values))


def contributions_to_score(fitted: FittedModel, values: Matrix) -> Floats:
    """Explain the score each customer got, in log-odds; an expected amount in minor units.

    Returns:
        shape (n_customers, n_features + 1): contributions and the base value, of the
        outcome's margin or, for segments, of the assigned segment's margin, or of the
        recommended product's.
    """
    return _explained(fitted, values, margins_of(fitted, values)).astype(np.float64)


def _scored_part(fitted: FittedModel, facts: Facts, reasons: bool) -> pd.DataFrame:
    values = matrix_of(fitted, facts, "table")
    margins = margins_of(fitted, values)
    family = family_of(fitted.manifest)
    columns = dict(family.table(family.scored(margins)))
    if reasons:
        columns["reasons"] = _joined(fitted.manifest, *_strongest(fitted, values, margins))
    return pd.DataFrame(columns)


def _joined(manifest: Manifest, order: Places, moved: Matrix) -> npt.NDArray[np.object_]:
    """Join the texts of each row's reasons; of many rows few have reasons of their own."""
    texts = [f.feature.reason.en for f in manifest.features]
    # What moved nothing is no reason: one place more, which has no text.
    places = np.where(moved != 0, order, len(texts))
    kinds = np.zeros(len(places), dtype=np.int64)
    for place in places.T:
        kinds = pd.factorize(kinds * (len(texts) + 1) + place)[0]
    _, first = np.unique(kinds, return_index=True)
    said = ["; ".join(texts[i] for i in row if i < len(texts)) for row in places[first].tolist()]
    return np.array(said, dtype=object)[kinds]


def _explained(fitted: FittedModel, values: Matrix, margins: Matrix) -> Matrix:
    """Explain each score; what does not add up to it is never shown.

    Raises:
        AdditivityBroken: contributions miss a score by more than the model allows.
    """
    manifest, family = fitted.manifest, family_of(fitted.manifest)
    contributions = family.explained(fitted.trees.contributions(values), margins)
    tolerance = manifest.additivity_tolerance
    if tolerance is not None and len(values):
        (margin,) = family.explained(margins[..., np.newaxis], margins).T
        gap = float(np.abs(contributions.sum(axis=1, dtype=np.float64) - margin).max())
        if gap > tolerance:
            raise AdditivityBroken(manifest.model, gap, tolerance)
    return contributions


def _reasons(fitted: FittedModel, values: Matrix, margins: Matrix) -> list[Reasons]:
    features = [f.feature for f in fitted.manifest.features]
    order, moved = _strongest(fitted, values, margins)
    return [
        tuple(
            Reason(features[i].name, by, features[i].reason)
            for i, by in zip(places, each, strict=True)
            if by
        )
        for places, each in zip(order.tolist(), moved.tolist(), strict=True)
    ]


def _strongest(fitted: FittedModel, values: Matrix, margins: Matrix) -> tuple[Places, Matrix]:
    """Find what moved each score most, strongest first.

    Returns:
        places of features, and their contributions: shapes (n_customers, n_reasons).
    """
    wanted = min(fitted.manifest.reasons, values.shape[1])
    order = np.empty((len(values), wanted), dtype=np.int64)
    if not len(values):
        return order, np.empty(order.shape, dtype=np.float32)
    contributions = _explained(fitted, values, margins)[:, :-1]
    left, rows = np.abs(contributions), np.arange(len(values))
    # Of equals the first feature; for a few of many much faster than sorting all.
    for place in range(wanted):
        order[:, place] = left.argmax(axis=1)
        left[rows, order[:, place]] = -1.0
    return order, np.take_along_axis(contributions, order, axis=1)
