"""Judge every model by folds and write the page that holds the figures.

    uv run python benchmarks/quality/measure.py                # all; about ten minutes
    uv run python benchmarks/quality/measure.py pakdd_default  # these only, the rest stays
    uv run python benchmarks/quality/measure.py --page         # only the page, from figures.json

Needs the trusted tables (`uv run dvc repro intake@<portfolio>`) and, of the synthetic bank, its
models in `artifacts/` (`uv run dvc repro`). Two runs give the same figures.
"""

import argparse
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from applicants import MODEL as LENT
from applicants import against_refused
from loans import MODEL as FEW
from loans import by_repeated_folds
from margins import MODEL as EARNED
from margins import against_margins
from page import render
from personas import MODEL as SEGMENTS
from personas import against_personas
from protocols import PROTOCOLS, Protocol
from rolling import MODEL as ROLLED
from rolling import rolling_origin
from truth import MODELS as TRUE_MODELS
from truth import against_truth
from weeks import MODEL as BY_WEEKS
from weeks import by_weeks

from limner.artifacts import MartPaths, read_json, require, write_json, write_text
from limner.models import find_spec
from limner.models.evaluation import evaluate_by_folds
from limner.models.left_out import why_portfolio_left_out
from limner.settings import Settings, load_settings

HERE = Path(__file__).parent
FIGURES, PAGE = HERE / "figures.json", HERE / "README.md"
FOLDS = 5
Measured = Callable[[], dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", help="only these; all by default")
    parser.add_argument("--page", action="store_true", help="only write the page anew")
    arguments = parser.parse_args()
    figures = read_json(FIGURES) if FIGURES.exists() else {}
    settings = load_settings()
    if not arguments.page:
        for protocol in PROTOCOLS:
            if arguments.models and protocol.model not in arguments.models:
                continue
            if reason := why_portfolio_left_out(protocol.model, settings):
                tell(f"{protocol.key}: left out, {reason}")
            else:
                figures[protocol.key] = judge(protocol, settings)
                # Kept as it goes: an interrupted run loses one protocol.
                write_json(FIGURES, figures)
        for model, measured in beside_folds(settings):
            if not arguments.models or model in arguments.models:
                figures |= measured()
                write_json(FIGURES, figures)
    write_text(PAGE, render(figures, FOLDS, settings))
    tell(f"{PAGE.relative_to(Path.cwd())}")


def judge(protocol: Protocol, settings: Settings) -> dict[str, Any]:
    late_from = settings.out_of_time_from[protocol.spec().portfolio]
    customers = protocol.customers(trusted_of(protocol.model), late_from)
    found = evaluate_by_folds(
        protocol.spec(), customers, protocol.settings(settings), folds=FOLDS, seed=settings.seed,
        progress=tell,
    )  # fmt: skip
    means = found.over(settings.assessment.confidence)
    tell(f"{protocol.key}: mean AUC {means['auc'].value:.4f}")
    return {
        "customers": found.customers,
        "events": found.events,
        "folds": [asdict(fold) for fold in found.folds],
        **{name: figure.model_dump() for name, figure in means.items()},
    }


def beside_folds(settings: Settings) -> list[tuple[str, Measured]]:
    """List what is measured by other means than five folds: of which model, and how."""
    return [
        (ROLLED, lambda: {f"{ROLLED}/rolling": rolling_origin(trusted_of(ROLLED), settings, tell)}),
        (BY_WEEKS, lambda: judge_weeks(settings)),
        (FEW, lambda: judge_few(settings)),
        *((name, partial(judge_by_truth, name, settings)) for name in TRUE_MODELS),
        (LENT, lambda: {f"{LENT}/refused": against_refused(settings, tell)}),
        (SEGMENTS, lambda: {f"{SEGMENTS}/truth": against_personas(settings)}),
        (EARNED, lambda: {f"{EARNED}/truth": against_margins(settings)}),
    ]


def judge_by_truth(model: str, settings: Settings) -> dict[str, Any]:
    return {f"{model}/truth": against_truth(model, settings)}


def judge_weeks(settings: Settings) -> dict[str, Any]:
    """Judge card fraud, where its file is here; the figures that there are stay otherwise."""
    if reason := why_portfolio_left_out(BY_WEEKS, settings):
        tell(f"{BY_WEEKS}: left out, {reason}; its figures stay")
        return {}
    protocol = settings.delayed_samples[find_spec(BY_WEEKS).portfolio]
    return {BY_WEEKS: by_weeks(trusted_of(BY_WEEKS), protocol, settings, tell)}


def judge_few(settings: Settings) -> dict[str, Any]:
    """Judge the loans, where their files are here; the figures that there are stay otherwise."""
    if reason := why_portfolio_left_out(FEW, settings):
        tell(f"{FEW}: left out, {reason}; its figures stay")
        return {}
    return {FEW: by_repeated_folds(settings, tell)}


def trusted_of(model: str) -> pd.DataFrame:
    return pd.read_parquet(require(MartPaths.of(find_spec(model).portfolio).trusted))


def tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
