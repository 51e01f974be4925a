"""The only path from customer facts to score and reasons: batch, HTTP and replay call it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.contract import Column, Sensitivity
from limner.domain import Bilingual, band_of
from limner.errors import FieldFault, RecordInvalid
from limner.features.encoding import Matrix
from limner.features.values import Facts
from limner.modelling.fitted import (
    FittedModel,
    Manifest,
    ProbabilityPart,
    Segment,
    SegmentationPart,
)
from limner.modelling.model_input import model_input

Floats = npt.NDArray[np.float64]


class Reason(NamedTuple):
    """One feature that moved a score; ``contribution`` is in log-odds."""

    feature: str
    contribution: float
    text: Bilingual


class ProbabilityScore(NamedTuple):
    """A calibrated probability, its band, and whether the favourable decision follows."""

    probability: float
    band: str
    favourable: bool
    reasons: tuple[Reason, ...]


class SegmentScore(NamedTuple):
    """The segment a customer belongs to; ``confidence`` is the surrogate's share for it."""

    segment: Segment
    confidence: float
    favourable: bool
    reasons: tuple[Reason, ...]


Score = ProbabilityScore | SegmentScore


class Scored(NamedTuple):
    """Scores as arrays, for assessment.

    ``value``: probability or confidence, shape (n,); ``segment``: index, or None;
    ``favourable``: the decision, shape (n,).
    """

    value: Floats
    segment: npt.NDArray[np.int64] | None
    favourable: npt.NDArray[np.bool_]


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
    return _score(fitted, matrix_of(fitted, facts, "records"), reasons)


def score_frame(fitted: FittedModel, frame: pd.DataFrame, reasons: bool = False) -> list[Score]:
    """Score a table of trusted facts; columns that the model does not use are ignored."""
    present = [name for name in fitted.manifest.columns if name in frame]
    plain = frame[present].astype(object).where(frame[present].notna(), None)
    records = [
        {str(name): value for name, value in row.items()} for row in plain.to_dict("records")
    ]
    return score_records(fitted, records, reasons)


def score_table(fitted: FittedModel, frame: pd.DataFrame, reasons: bool = False) -> pd.DataFrame:
    """Score a table of trusted facts as a table, in the same order.

    Returns:
        ``probability``, ``band`` and ``favourable``; or ``segment``, ``name``,
        ``confidence`` and ``favourable``; with ``reasons``, the texts joined.
    """
    columns = ["probability", "band", "favourable"]
    if fitted.manifest.segmentation:
        columns = ["segment", "name", "confidence", "favourable"]
    rows = [_row(score) for score in score_frame(fitted, frame, reasons)]
    return pd.DataFrame(rows, columns=[*columns, "reasons"] if reasons else columns)


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


def scored(fitted: FittedModel, values: Matrix) -> Scored:
    """Score an encoded matrix, shape (n_customers, n_features), as arrays."""
    margins = fitted.trees.margins(values)
    if fitted.manifest.segmentation:
        return _scored_segments(fitted.manifest.segmentation, margins)
    return _scored_probability(fitted.manifest, _probability_part(fitted.manifest), margins)


def contributions_to_score(fitted: FittedModel, values: Matrix) -> Floats:
    """Explain the score each customer got, in log-odds.

    Returns:
        shape (n_customers, n_features + 1): contributions and the base value, of the
        outcome's margin or, for segments, of the assigned segment's margin.
    """
    contributions = fitted.trees.contributions(values)
    if contributions.ndim == 3:
        assigned = np.argmax(fitted.trees.margins(values), axis=1)
        contributions = contributions[np.arange(len(contributions)), assigned]
    return contributions.astype(np.float64)


def check_records(manifest: Manifest, records: Sequence[Mapping[str, Any]]) -> None:
    """Hold records to the model's contract.

    Raises:
        RecordInvalid: with every fault found.
    """
    columns = admitted_columns(manifest)
    known = ", ".join(columns)
    faults = []
    for index, record in enumerate(records):
        unknown = sorted(record.keys() - columns.keys(), key=str)
        faults += [FieldFault(index, str(u), f"unknown field; known: {known}") for u in unknown]
        for name, column in columns.items():
            detail = _fault(column, record.get(name))
            if detail:
                faults.append(FieldFault(index, name, detail))
    if faults:
        raise RecordInvalid(faults)


def admitted_columns(manifest: Manifest) -> dict[str, Column]:
    """Return the facts a record may carry, narrowed to the categories and codes trees know.

    What the contract allows but the development sample lacked cannot be encoded.
    """
    columns = dict(manifest.columns)
    for fitted in manifest.features:
        column = columns[fitted.feature.of[0]]
        if fitted.categories is not None:
            columns[column.name] = _narrowed(column, fitted.categories)
    return columns


def must_be_given(column: Column) -> bool:
    """Whether a record must carry the fact; a protected attribute never has to be given."""
    return column.required and column.sensitivity is not Sensitivity.PROTECTED


def _row(score: Score) -> dict[str, object]:
    row = score._asdict() | {"reasons": "; ".join(reason.text.en for reason in score.reasons)}
    if isinstance(score, SegmentScore):
        return {"segment": score.segment.number, "name": score.segment.name.en} | {
            key: row[key] for key in ("confidence", "favourable", "reasons")
        }
    return row


def _score(fitted: FittedModel, values: Matrix, with_reasons: bool) -> list[Score]:
    result = scored(fitted, values)
    explained = _reasons(fitted, values) if with_reasons else [()] * len(values)
    manifest = fitted.manifest
    rows = zip(result.value, result.favourable, explained, strict=True)
    if manifest.segmentation and result.segment is not None:
        segments = [manifest.segmentation.segments[i] for i in result.segment]
        return [
            SegmentScore(segment, float(value), bool(favourable), why)
            for segment, (value, favourable, why) in zip(segments, rows, strict=True)
        ]
    bands = _probability_part(manifest).bands
    return [
        ProbabilityScore(float(value), band_of(float(value), bands), bool(favourable), why)
        for value, favourable, why in rows
    ]


def _scored_probability(manifest: Manifest, part: ProbabilityPart, margins: Matrix) -> Scored:
    probability = part.calibration.probability(margins)
    above = manifest.outcome.favourable_side == "above"
    favourable = probability >= part.threshold if above else probability < part.threshold
    return Scored(probability, None, favourable)


def _scored_segments(part: SegmentationPart, margins: Matrix) -> Scored:
    segment = np.argmax(margins, axis=1)
    shifted = np.exp(margins.astype(np.float64) - margins.max(axis=1, keepdims=True))
    confidence = shifted.max(axis=1) / shifted.sum(axis=1)
    offered = np.array([s.offered for s in part.segments])
    return Scored(confidence, segment, offered[segment])


def _reasons(fitted: FittedModel, values: Matrix) -> list[tuple[Reason, ...]]:
    features = [f.feature for f in fitted.manifest.features]
    contributions = contributions_to_score(fitted, values)[:, :-1]
    strongest = np.argsort(-np.abs(contributions), axis=1, kind="stable")
    return [
        tuple(
            Reason(features[i].name, float(row[i]), features[i].reason)
            for i in order[: fitted.manifest.reasons]
            if row[i] != 0
        )
        for row, order in zip(contributions, strongest, strict=True)
    ]


def _probability_part(manifest: Manifest) -> ProbabilityPart:
    assert manifest.probability is not None, "a model has one of the two parts"
    return manifest.probability


def _narrowed(column: Column, known: tuple[str, ...]) -> Column:
    if column.kind == "category":
        allowed = tuple(value for value in column.allowed if value in known) or known
        return column if allowed == column.allowed else replace(column, allowed=allowed)
    codes = tuple(code for code in column.codes if str(code[0]) in known)
    return column if codes == column.codes else replace(column, codes=codes)


def _fault(column: Column, value: Any) -> str | None:
    """Say what is wrong with one field, or None."""
    if value is None:
        return "must be given" if must_be_given(column) else None
    if column.kind == "category":
        known = ", ".join(column.allowed)
        return None if value in column.allowed else f"must be one of: {known}"
    return _number_fault(column, value)


def _number_fault(column: Column, value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        return f"must be {'an integer' if column.kind == 'integer' else 'a number'}"
    if not _is_finite(value):
        return "must be a finite number"
    if column.kind == "integer" and value != int(value):
        return "must be an integer"
    if value in [code for code, _ in column.codes]:
        return None
    if column.low is None or column.high is None or column.low <= value <= column.high:
        return None
    return f"must be from {column.low:,.10g} to {column.high:,.10g}"


def _is_finite(value: float | np.number[Any]) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        # An integer of JSON may be larger than any float.
        return False
