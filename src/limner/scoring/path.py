"""The path from facts to scores: the same for a record, a list of them and a table."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from limner.features.encoding import Matrix
from limner.features.values import Facts
from limner.modelling.fitted import FittedModel, Manifest
from limner.modelling.model_input import model_input
from limner.scoring.families import family_of
from limner.scoring.records import check_records, facts_of_table, records_of_table
from limner.scoring.scores import Floats, Reason, Reasons, Score, Scored

# Rows of a table that are encoded and scored at a time: a matrix that stays in the caches.
ROWS_AT_A_TIME = 65_536


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
        ``probability``, ``band`` and ``favourable``; or ``segment``, ``name``,
        ``confidence`` and ``favourable``; or ``recommended``, ``probability``, one column a
        product and ``favourable``; with ``reasons``, the texts joined.

    Raises:
        RecordInvalid: every field of every row that breaks the contract.
    """
    facts = facts_of_table(fitted.manifest, frame)
    parts = [_scored_part(fitted, part, reasons) for part in _parts(facts, len(frame))]
    return pd.concat(parts, ignore_index=True)


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
    """Score an encoded matrix in log-odds, as the model's family reads them."""
    margins = fitted.trees.margins(values)
    part = fitted.manifest.choice
    return margins if part is None else part.asked(margins, fitted.manifest.features, values)


def scored(fitted: FittedModel, values: Matrix) -> Scored:
    """Score an encoded matrix, shape (n_customers, n_features), as arrays."""
    return family_of(fitted.manifest).scored(margins_of(fitted, values))


def contributions_to_score(fitted: FittedModel, values: Matrix) -> Floats:
    """Explain the score each customer got, in log-odds.

    Returns:
        shape (n_customers, n_features + 1): contributions and the base value, of the
        outcome's margin or, for segments, of the assigned segment's margin, or of the
        recommended product's.
    """
    return _explained(fitted, values, margins_of(fitted, values))


def _parts(facts: Facts, rows: int) -> Iterator[Facts]:
    for start in range(0, max(rows, 1), ROWS_AT_A_TIME):
        yield {name: values[start : start + ROWS_AT_A_TIME] for name, values in facts.items()}


def _scored_part(fitted: FittedModel, facts: Facts, reasons: bool) -> pd.DataFrame:
    values = matrix_of(fitted, facts, "table")
    margins = margins_of(fitted, values)
    family = family_of(fitted.manifest)
    columns = dict(family.table(family.scored(margins)))
    if reasons:
        columns["reasons"] = [
            "; ".join(reason.text.en for reason in why) for why in _reasons(fitted, values, margins)
        ]
    return pd.DataFrame(columns)


def _explained(fitted: FittedModel, values: Matrix, margins: Matrix) -> Floats:
    contributions = fitted.trees.contributions(values).astype(np.float64)
    return family_of(fitted.manifest).explained(contributions, margins)


def _reasons(fitted: FittedModel, values: Matrix, margins: Matrix) -> list[Reasons]:
    if not len(values):
        return []
    features = [f.feature for f in fitted.manifest.features]
    contributions = _explained(fitted, values, margins)[:, :-1]
    strongest = np.argsort(-np.abs(contributions), axis=1, kind="stable")
    return [
        tuple(
            Reason(features[i].name, float(row[i]), features[i].reason)
            for i in order[: fitted.manifest.reasons]
            if row[i] != 0
        )
        for row, order in zip(contributions, strongest, strict=True)
    ]
