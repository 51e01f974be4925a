"""A model of borrowers on everybody who applied: also on those whom the bank refused.

Applications, and what became of the refused, are in the synthetic bank's truth alone: no extract
holds them, as no canonical table does. What a bank would know (accepted or not, what came of the
accepted) is used as a bank would; the rest only judges.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from truth import BANK, pseudonyms

from limner.artifacts import ArtifactPaths, BankPaths, require
from limner.assessment.bootstrap import bootstrap, estimate, resampled_weights
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.estimate import Estimate
from limner.assessment.paired import compare_paired
from limner.assessment.reject_inference import (
    Accepted,
    assume_refused,
    implied_multiplier,
    multiply_odds,
    parcel,
)
from limner.features.encoding import Matrix, encode
from limner.modelling.calibration import fit_calibration
from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import Fold, stratified_folds
from limner.modelling.training import facts_of
from limner.models import find_spec
from limner.models.evaluation import EncodedRows, encode_rows
from limner.models.fitting import training_data
from limner.samples import CUSTOMER_COLUMN, SNAPSHOT_COLUMN
from limner.settings import Settings

MODEL = "retail_default"
FOLDS = 5
Floats = npt.NDArray[np.float64]
Outcome = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Applications:
    """Applications and, before them, the borrowers' rows that the model is fitted on.

    ``values`` and ``customers`` are of both, borrowers first; the rest are of applications.
    """

    borrowers: EncodedRows
    values: Matrix
    customers: npt.NDArray[Any]
    accepted: Flags
    outcome: Outcome
    chance: Floats

    @cached_property
    def applicants(self) -> Outcome:
        """Number of each application's applicant."""
        found = pd.factorize(self.customers[len(self.borrowers.outcome) :])[0]
        return np.asarray(found, dtype=np.int64)


def against_refused(settings: Settings, progress: Callable[[str], None]) -> dict[str, Any]:
    """Judge the model, fitted anew by folds of customers, on accepted and refused applicants."""
    made = read_applications(settings)
    nobody = np.zeros(len(made.outcome), dtype=bool)
    margin = cross_fit(made, nobody, made.outcome, settings)
    progress(f"{MODEL}: {len(made.outcome):,} applications scored by models without them")
    calibration = fit_calibration("platt", margin[made.accepted], made.outcome[made.accepted])
    probability = calibration.probability(margin)
    return {
        "groups": [
            _group(name, made, inside, probability, settings)
            for name, inside in (
                ("accepted", made.accepted), ("refused", ~made.accepted), ("all", ~nobody),
            )
        ],
        "assumed": [
            assume_refused(
                Accepted(probability[made.accepted], made.outcome[made.accepted]),
                probability[~made.accepted], multiplier, settings.assessment, settings.seed,
            ).model_dump()
            for multiplier in settings.reject_inference.sensitivity
        ],
        "true_multiplier": _true_multiplier(made, probability, settings).model_dump(),
        "fits": _with_the_refused(made, margin, probability, settings, progress),
    }  # fmt: skip


def read_applications(settings: Settings) -> Applications:
    """Read every application of a month that has features, described as on its first day."""
    borrowers = pd.read_parquet(require(ArtifactPaths.of(MODEL).sample))
    spec = find_spec(MODEL)
    encoded = encode_rows(spec, borrowers, settings)
    applied = _with_features(settings)
    data = training_data(spec, borrowers, borrowers, settings)
    values = encode(
        encoded.features, data.columns, facts_of(applied, data.columns), f"{MODEL}, applications"
    )
    return Applications(
        borrowers=encoded,
        values=np.concatenate([encoded.values, values]),
        customers=np.concatenate([encoded.customers, applied[CUSTOMER_COLUMN].to_numpy()]),
        accepted=applied["accepted"].to_numpy(dtype=bool),
        outcome=applied["would_default_12m"].to_numpy().astype(np.int64),
        chance=applied["default_12m_probability"].to_numpy(),
    )


def cross_fit(made: Applications, joining: Flags, outcome: Outcome, settings: Settings) -> Floats:
    """Score each application by a model that knows nothing of its applicant.

    Args:
        joining: applications that the model is fitted on beside the borrowers' rows.
        outcome: of these; of others it has no say.
    """
    model, borrowers = settings.model(MODEL), len(made.borrowers.outcome)
    # Folds are shared out by what a bank knows, the borrowers' outcomes.
    known = np.concatenate([made.borrowers.outcome, np.zeros_like(outcome)])
    taught = np.concatenate([made.borrowers.outcome, outcome])
    usable = np.concatenate([np.ones(borrowers, dtype=bool), joining])
    parts = stratified_folds(
        MODEL, "default", known, made.customers, folds=FOLDS,
        stopping_share=settings.tuning.stopping_share,
        least_events=settings.training_checks.least_events, seed=settings.seed,
    )  # fmt: skip
    margins = np.empty(len(outcome))
    for part in parts:
        judged = part.judged[part.judged >= borrowers]
        fold = Fold(
            part.fitted[usable[part.fitted]], part.stopped[part.stopped < borrowers], judged
        )
        (prepared,) = prepare_folds(
            made.values, taught, made.borrowers.features, [fold], model.training.max_bins,
            settings.runtime.threads,
        )  # fmt: skip
        fit = fit_fold(
            prepared, made.borrowers.features, model.training, settings.seed,
            settings.runtime.threads,
        )  # fmt: skip
        margins[judged - borrowers] = fit.judged
    return margins


def _with_features(settings: Settings) -> pd.DataFrame:
    paths = BankPaths.of(BANK)
    applied = pd.read_parquet(require(paths.truth) / "applications.parquet")
    applied = applied.assign(
        **{
            CUSTOMER_COLUMN: pseudonyms(applied["customer_id"], settings),
            SNAPSHOT_COLUMN: pd.to_datetime(applied["month"]),
        }
    )
    columns = [CUSTOMER_COLUMN, *find_spec(MODEL).feature_names]
    parts = []
    for day, asked in applied.groupby(SNAPSHOT_COLUMN):
        file = paths.features / f"{pd.Timestamp(str(day)):%Y-%m-%d}.parquet"
        if file.is_file():
            known = pd.read_parquet(file, columns=columns)
            parts.append(asked.merge(known, on=CUSTOMER_COLUMN))
    return pd.concat(parts, ignore_index=True)


def _group(
    name: str, made: Applications, inside: Flags, probability: Floats, settings: Settings
) -> dict[str, Any]:
    outcome = made.outcome[inside]
    _, clusters = np.unique(made.applicants[inside], return_inverse=True)
    area = AreaUnderCurve(probability[inside], outcome)
    assessment = settings.assessment
    found = bootstrap(
        lambda weights: {"auc": area(weights), "rate": float(np.average(outcome, weights=weights))},
        len(outcome), assessment.resamples, assessment.confidence, settings.seed, clusters,
    )  # fmt: skip
    return {
        "name": name,
        "applications": len(outcome),
        "events": int(outcome.sum()),
        "rate": found["rate"].model_dump(),
        "mean": float(probability[inside].mean()),
        "auc": found["auc"].model_dump(),
        "true_auc": AreaUnderCurve(made.chance[inside], outcome)(np.ones(len(outcome))),
    }


def _true_multiplier(made: Applications, probability: Floats, settings: Settings) -> Estimate:
    refused = ~made.accepted
    chance, outcome = probability[refused], made.outcome[refused]
    _, clusters = np.unique(made.applicants[refused], return_inverse=True)
    draws = []
    for weights in resampled_weights(
        len(outcome), settings.assessment.resamples, settings.seed, clusters
    ):
        drawn = np.repeat(np.arange(len(outcome)), weights.astype(np.int64))
        draws.append(implied_multiplier(chance[drawn], float(outcome[drawn].sum())))
    value = implied_multiplier(chance, float(outcome.sum()))
    return estimate(value, draws, settings.assessment.confidence, is_share=False)


def _with_the_refused(
    made: Applications, margin: Floats, probability: Floats, settings: Settings,
    progress: Callable[[str], None],
) -> list[dict[str, Any]]:  # fmt: skip
    """Fit once more with the refused among the fitted, their outcomes dealt out or true."""
    refused, stated = ~made.accepted, settings.reject_inference.odds_multiplier
    dealt = np.zeros_like(made.outcome)
    dealt[refused] = parcel(multiply_odds(probability[refused], stated), settings.seed)
    plain = _chance(margin)
    found = [_fit("borrowers alone", made, plain, plain, settings)]
    for name, outcome in (
        (f"and the refused, parcelled at {stated:g} times the odds", dealt),
        ("and the refused, with what came of them (no bank knows it)", made.outcome),
    ):
        fitted = _chance(cross_fit(made, refused, outcome, settings))
        found.append(_fit(name, made, fitted, plain, settings))
        progress(f"{MODEL}, {name}")
    return found


def _fit(
    name: str, made: Applications, probability: Floats, plain: Floats, settings: Settings
) -> dict[str, Any]:
    refused = ~made.accepted
    compared = compare_paired(
        "applications", (name, probability), ("borrowers alone", plain), made.outcome,
        settings.assessment, settings.seed, made.applicants,
    )  # fmt: skip
    return {
        "name": name,
        "auc": compared.first_figures["auc"],
        "log_loss": compared.first_figures["log_loss"],
        "auc_difference": compared.differences["auc"].model_dump(),
        "refused_mean": float(probability[refused].mean()),
        "mean": float(probability.mean()),
    }


def _chance(margin: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-margin)))


def section(found: Mapping[str, Any] | None) -> Iterator[str]:
    """Write the page's section on selection bias."""
    yield ""
    yield f"## `{MODEL}`: selection bias, on everybody who applied"
    yield ""
    if found is None:
        yield "*Not measured yet.*"
        return
    yield (
        "The model learns from loans that were granted. Which applications the synthetic bank"
        " refused, and what would have come of those, only its truth knows: no extract and no"
        " canonical table holds applications, so that this is measured here and on no review page."
        f" The model is fitted anew on its borrowers in {FOLDS} folds of customers, and each"
        " application is scored, as of the first day of its month, by a model that knows nothing of"
        " its applicant; two numbers (Platt) calibrate it on the accepted, as a bank can once a"
        " year has passed. Default: within 12 months of applying."
    )
    yield ""
    yield "| applicants | applications | defaults | rate | mean probability | AUC | true AUC |"
    yield "|---|---|---|---|---|---|---|"
    for group in found["groups"]:
        yield (
            f"| {group['name']} | {group['applications']:,} | {group['events']:,}"
            f" | {_estimate(group['rate'], 3)} | {group['mean']:.3f}"
            f" | {_estimate(group['auc'], 3)} | {group['true_auc']:.3f} |"
        )
    yield ""
    yield from _sensitivity(found)
    yield ""
    yield from _fits(found["fits"])


def _sensitivity(found: Mapping[str, Any]) -> Iterator[str]:
    yield (
        "What a bank can say without the truth: if the refused were so many times as risky (odds,"
        " against accepted applicants of the same score), these would be the figures on all"
        " (`reject_inference.sensitivity` in `params.yaml`; fuzzy augmentation)."
    )
    yield ""
    yield "| refused, against accepted of their score | their rate | rate of all | AUC on all |"
    yield "|---|---|---|---|"
    for row in found["assumed"]:
        yield (
            f"| {row['odds_multiplier']:g} times the odds | {row['refused_rate']:.3f}"
            f" | {_estimate(row['rate'], 3)} | {_estimate(row['auc'], 3)} |"
        )
    rates = [f"{group['rate']['value']:.3f}" for group in found["groups"][1:]]
    yield (
        f"| *truth: {_estimate(found['true_multiplier'], 2)} times* | {' | '.join(rates)}"
        f" | {found['groups'][-1]['auc']['value']:.3f} |"
    )


def _fits(fits: list[Mapping[str, Any]]) -> Iterator[str]:
    yield (
        "Fitted with the refused too (`reject_inference.odds_multiplier`), not calibrated further,"
        " judged on all applications:"
    )
    yield ""
    yield "| fitted on | AUC | difference | log loss | mean probability of the refused | of all |"
    yield "|---|---|---|---|---|---|"
    for fit in fits:
        gap = fit["auc_difference"]
        difference = f"{gap['value']:+.4f} ({gap['low']:+.4f} to {gap['high']:+.4f})"
        yield (
            f"| {fit['name']} | {fit['auc']:.4f}"
            f" | {'-' if fit is fits[0] else difference} | {fit['log_loss']:.4f}"
            f" | {fit['refused_mean']:.3f} | {fit['mean']:.3f} |"
        )


def _estimate(found: Mapping[str, float], digits: int) -> str:
    value, low, high = (f"{found[key]:.{digits}f}" for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"
