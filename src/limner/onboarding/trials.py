"""Compare a few training settings by folds before a model's block is drafted."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.estimate import Estimate
from limner.assessment.over_folds import over_folds
from limner.domain import SampleName
from limner.features.encoding import encode, fit_features
from limner.modelling.cross_fitting import PreparedFold, fit_fold, prepare_folds
from limner.modelling.folds import events_of, stratified_folds
from limner.modelling.training import facts_of
from limner.models.evaluation import EncodedRows, judge
from limner.onboarding.plan import Plan
from limner.onboarding.profile import Progress
from limner.onboarding.rehearsal import Rehearsal, drafted_features
from limner.samples import CUSTOMER_COLUMN, draw_samples
from limner.settings import Settings, Training, Tuned

_BUILT_ON = (SampleName.DEVELOPMENT.value, SampleName.VALIDATION.value)


@dataclass(frozen=True)
class Tried:
    """One candidate: its mean AUC over the folds with an interval, and its mean rounds."""

    training: Training
    auc: Estimate
    rounds: int


@dataclass(frozen=True)
class Trials:
    """The settings that a draft takes, and the candidates that they were chosen from.

    Attributes:
        tried: in the order of params.yaml; empty where nothing could be compared.
        rows, rows_of: rows compared on, and rows of development and validation.
        folds: 0 where nothing could be compared.
        events: customers of the rarer outcome among the rows.
        confidence: of the intervals.
    """

    chosen: Training
    tried: tuple[Tried, ...]
    rows: int
    rows_of: int
    folds: int
    events: int
    confidence: float
    seed: int

    def tuned(self, sha256: str) -> Tuned | None:
        """State where the settings come from; None where nothing was compared.

        Args:
            sha256: of the file that the draft is of.
        """
        if not self.tried:
            return None
        scores = [round(tried.auc.value, 5) for tried in self.tried]
        return Tuned(
            trials=len(scores), folds=self.folds, seed=self.seed, objective="auc",
            score=max(scores), before=scores[0], sample=sha256[:12],
        )  # fmt: skip


def compare_settings(
    plan: Plan, rehearsal: Rehearsal, settings: Settings, progress: Progress
) -> Trials:
    """Fit every candidate once a fold and take the one of the highest mean AUC.

    Only rows that the pipeline will put into development and validation are used, so that
    the test and the out-of-time sample have no say. Of equal candidates the first wins.
    """
    wanted, limits = settings.onboarding.trials, settings.training_checks
    built = _rows_built_on(plan, rehearsal.trusted, settings)
    rows = encode_draft(plan, _draw(built, wanted.rows, settings.seed))
    events = _rarer(rows)
    folds = min(wanted.folds, events // limits.least_events)
    candidates = wanted.candidates
    tried: tuple[Tried, ...] = ()
    if folds >= 2 and len(candidates) > 1:
        progress(f"comparing {len(candidates)} training settings by {folds} folds")
        tried = tuple(_compare(plan, rows, folds, settings, progress))
    best = max(tried, key=lambda found: found.auc.value).training if tried else candidates[0]
    return Trials(
        best, tried, len(rows.outcome), len(built), folds if tried else 0, events,
        settings.assessment.confidence, settings.seed,
    )  # fmt: skip


def _rows_built_on(plan: Plan, trusted: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the rows that the stage ``sample`` will draw into development and validation."""
    outcome = trusted[plan.outcome.name].to_numpy().astype(np.int64)
    dates = trusted[plan.time_name] if plan.time_name else None
    names = draw_samples(outcome, dates, settings.samples, plan.time.late_from, settings.seed)
    return trusted[np.isin(names.astype(str), _BUILT_ON)]


def _draw(frame: pd.DataFrame, most: int, seed: int) -> pd.DataFrame:
    if len(frame) <= most:
        return frame
    drawn = np.random.default_rng(seed).permutation(len(frame))[:most]
    return frame.iloc[np.sort(drawn)]


def encode_draft(plan: Plan, frame: pd.DataFrame) -> EncodedRows:
    """Encode trusted rows as the drafted model will read them."""
    columns = {column.name: column for column in plan.contract.columns}
    facts = facts_of(frame, columns)
    features = fit_features(drafted_features(plan), {}, columns, facts)
    return EncodedRows(
        features, encode(features, columns, facts, f"portfolio {plan.wanted.name}"),
        frame[plan.outcome.name].to_numpy().astype(np.int64), frame[CUSTOMER_COLUMN].to_numpy(),
    )  # fmt: skip


def _rarer(rows: EncodedRows) -> int:
    """Count the customers of the rarer outcome."""
    if not len(rows.outcome):
        return 0
    who: npt.NDArray[np.int64] = np.asarray(pd.factorize(rows.customers)[0], dtype=np.int64)
    events = events_of(who, rows.outcome)
    return int(min(events.sum(), len(events) - events.sum()))


def _compare(
    plan: Plan, rows: EncodedRows, folds: int, settings: Settings, progress: Progress
) -> Iterator[Tried]:
    wanted, threads = settings.onboarding.trials, settings.runtime.threads
    parts = stratified_folds(
        plan.wanted.model, plan.outcome.name, rows.outcome, rows.customers, folds=folds,
        stopping_share=wanted.stopping_share, least_events=settings.training_checks.least_events,
        seed=settings.seed,
    )  # fmt: skip
    # Bins are made once for all candidates of the same number of them.
    prepared = {
        bins: prepare_folds(rows.values, rows.outcome, rows.features, parts, bins, threads)
        for bins in {candidate.max_bins for candidate in wanted.candidates}
    }
    for number, candidate in enumerate(wanted.candidates, start=1):
        began = time.monotonic()
        found = _try(candidate, rows, prepared[candidate.max_bins], settings)
        progress(
            f"setting {number} of {len(wanted.candidates)}, depth {candidate.max_depth}: AUC"
            f" {found.auc.value:.4f}, {time.monotonic() - began:.0f} s"
        )
        yield found


def _try(
    training: Training, rows: EncodedRows, prepared: tuple[PreparedFold, ...], settings: Settings
) -> Tried:
    found = [
        judge(
            fold, fit_fold(fold, rows.features, training, settings.seed, settings.runtime.threads),
            "none", settings.assessment.calibration_bins,
        )
        for fold in prepared
    ]  # fmt: skip
    auc = over_folds([fold.auc for fold in found], settings.assessment.confidence)
    return Tried(training, auc, round(float(np.mean([fold.rounds for fold in found]))))
