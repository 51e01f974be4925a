"""The page of figures: ours beside those that others published."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import fmean
from typing import Any

import yaml
from applicants import MODEL as LENT
from applicants import section as applicants_section
from figures import estimate, figure
from loans import MODEL as FEW
from loans import section as loans_section
from margins import MODEL as EARNED
from margins import section as margins_section
from personas import MODEL as SEGMENTS
from personas import section as personas_section
from protocols import PROTOCOLS, Protocol
from truth import section
from weeks import MODEL as BY_WEEKS
from weeks_page import section as weeks_section

from limner.models import find_spec
from limner.settings import Settings

Figures = Mapping[str, Any]
PUBLISHED = Path(__file__).parent / "published.yaml"


def render(figures: Figures, folds: int, settings: Settings) -> str:
    """Write the page as Markdown."""
    return "\n".join(_lines(figures, folds, settings)) + "\n"


def _lines(figures: Figures, folds: int, settings: Settings) -> Iterator[str]:
    confidence, tuning = settings.assessment.confidence, settings.tuning
    yield "# How good the models are"
    yield ""
    yield "Written by `uv run python benchmarks/quality/measure.py`; do not edit."
    yield ""
    yield (
        f"Means over {folds} stratified folds, seed {settings.seed}: every customer is judged once,"
        f" by a model fitted on the other folds. In each fold {tuning.stopping_share:.0%} of the"
        " fitted rows stop the boosting and calibrate; judged rows have no say in either. Brackets"
        f" are {confidence:.0%} intervals over the folds, widened because folds share customers"
        " (Nadeau and Bengio 2003)."
    )
    yield ""
    yield (
        "The training parameters come from `limner tune`, which sees development and validation:"
        " those customers are in the folds here too, so that a little of a tuned figure is choice."
        " `tuned` in `params.yaml` says how much was gained; a model's review page has the test"
        " sample, which no tuning saw. Parameters and features that a person wrote were compared by"
        " folds over all rows too. *Untuned* is what a person writes first: depth 4, rate 0.05."
    )
    for model in dict.fromkeys(protocol.model for protocol in PROTOCOLS):
        yield from _model(model, figures, settings)
    if BY_WEEKS in figures:
        yield from weeks_section(figures[BY_WEEKS], settings)
        yield ""
        yield from _published(BY_WEEKS)
    yield from section(figures)
    yield from applicants_section(figures.get(f"{LENT}/refused"))
    yield from personas_section(figures.get(f"{SEGMENTS}/truth"))
    if f"{EARNED}/truth" in figures:
        yield from margins_section(figures[f"{EARNED}/truth"])
    if FEW in figures:
        yield from loans_section(figures[FEW], settings)
        yield ""
        yield from _published(FEW)


def _model(model: str, figures: Figures, settings: Settings) -> Iterator[str]:
    spec = find_spec(model)
    yield ""
    yield f"## `{model}` — {spec.title.en} {spec.title.zh}"
    yield ""
    yield "| protocol | customers | events | AUC | average precision | ECE | bar |"
    yield "|---|---|---|---|---|---|---|"
    for protocol in (p for p in PROTOCOLS if p.model == model):
        yield _row(protocol, figures.get(protocol.key))
    yield ""
    yield from _tuned(model, settings)
    yield ""
    yield from _published(model)
    if f"{model}/rolling" in figures:
        yield ""
        yield from _rolling(figures[f"{model}/rolling"])


def _published(model: str) -> Iterator[str]:
    yield "Published by others:"
    yield ""
    for entry in yaml.safe_load(PUBLISHED.read_text(encoding="utf-8")).get(model, ()):
        yield f"- {entry['figure']}: {entry['who']}. {entry['source']}. {entry['differs'].strip()}"


def _row(protocol: Protocol, found: Figures | None) -> str:
    if found is None:
        return f"| {protocol.words} | - | - | *not measured* | - | - | - |"
    auc = found["auc"]["value"]
    bar = "-"
    if protocol.bar is not None:
        verdict = "met" if auc >= protocol.bar else "**missed**"
        bar = f"{figure(protocol.bar, 4)}: {verdict}"
    return (
        f"| {protocol.words} | {found['customers']:,} | {found['events']:,}"
        f" | {estimate(found['auc'], 4)} | {estimate(found['average_precision'], 4)}"
        f" | {estimate(found['ece'], 4)} | {bar} |"
    )


def _tuned(model: str, settings: Settings) -> Iterator[str]:
    tuned = settings.model(model).tuned
    if tuned is None:
        yield "Not tuned: the parameters are those that a person wrote."
        return
    yield (
        f"Tuned: {tuned.trials} trials of {tuned.folds} folds on development and validation"
        f" (sample `{tuned.sample}`): {tuned.objective} {figure(tuned.score, 4)},"
        f" before {figure(tuned.before, 4)}."
    )


def _rolling(windows: list[Figures]) -> Iterator[str]:
    yield "### Out of time, by rolling origin"
    yield ""
    yield (
        "The same model fitted on all calls before a day and judged on the three months after it,"
        " beside one that knows the month of the call and nothing else."
    )
    yield ""
    yield "| from | customers | said yes | AUC | AUC, month only | average precision | ECE |"
    yield "|---|---|---|---|---|---|---|"
    for window in windows:
        model, month = window["model"], window["month_only"]
        yield (
            f"| {window['origin']} | {window['customers']:,} | {window['event_rate']:.0%}"
            f" | {figure(model['auc'])} | {figure(month['auc'])}"
            f" | {figure(model['average_precision'])} | {figure(model['ece'])} |"
        )
    means = [fmean(window[which]["auc"] for window in windows) for which in ("model", "month_only")]
    better = sum(w["model"]["auc"] > w["month_only"]["auc"] for w in windows)
    yield f"| mean of windows | | | {figure(means[0])} | {figure(means[1])} | | |"
    yield ""
    yield f"The model is better than the month in {better} of {len(windows)} windows."
