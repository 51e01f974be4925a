"""Loans of a real bank, few of which went bad: folds over all of them, drawn anew many times."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd
from figures import estimate, figure

from limner.artifacts import ArtifactPaths, require
from limner.models import find_spec
from limner.models.evaluation import evaluate_repeatedly
from limner.settings import Settings

MODEL = "loan_default"


def by_repeated_folds(settings: Settings, progress: Callable[[str], None]) -> dict[str, Any]:
    """Judge the model on every loan of its samples, by models fitted without it."""
    loans = pd.read_parquet(require(ArtifactPaths.of(MODEL).sample))
    found = evaluate_repeatedly(find_spec(MODEL), loans, settings, settings.seed, progress)
    return found.as_evidence(settings.assessment.confidence).model_dump(mode="json")


def section(found: Mapping[str, Any], settings: Settings) -> Iterator[str]:
    """Write the figures, and what they do not claim."""
    spec, figures = find_spec(MODEL), found["figures"]
    yield ""
    yield f"## `{MODEL}` — {spec.title.en} {spec.title.zh}"
    yield ""
    yield (
        f"Only {found['events']} of {found['customers']} loans went bad. Each was judged by models"
        f" fitted, stopped and calibrated on others, in {found['folds']} folds that were drawn anew"
        f" {found['repeats']} times; brackets are {settings.assessment.confidence:.0%} intervals"
        " over the folds, widened because they share loans (Nadeau and Bengio 2003; Bouckaert and"
        " Frank 2004). The account is known to the first day of the month of granting, and most of"
        " these accounts have few or no transactions in the parts of the file that are at hand."
    )
    yield ""
    yield "| AUC | average precision | ECE | log loss | AUC of single divisions |"
    yield "|---|---|---|---|---|"
    cells = [estimate(figures[n]) for n in ("auc", "average_precision", "ece", "log_loss")]
    span = f"{figure(found['lowest_auc'])} to {figure(found['highest_auc'])}"
    yield f"| {' | '.join([*cells, span])} |"
    yield ""
    limit = settings.assessment.suspicious_auc
    within = figures["auc"]["value"] <= limit
    yield (
        f"An AUC above {figure(limit, 2)} would have to be explained, for it is usually a leak:"
        f" this one {'is not' if within else '**is**'}. Nothing is claimed beyond the intervals."
    )
