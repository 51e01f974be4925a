"""DVC stage ``register@<model>``: evidence → gates, review page, a version in the registry."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import limner
from limner.artifacts import (
    ArtifactPaths,
    PortfolioPaths,
    read_json,
    require,
    write_json,
    write_text,
)
from limner.assessment.evidence import ModelEvidence, metrics_of
from limner.champion_comparison import compare_with_champion
from limner.governance.gates import GateReport, judge
from limner.governance.promotion import promote
from limner.governance.provenance import content_hashes, flat_parameters, registration_tags
from limner.governance.registry_state import next_command
from limner.governance.review_page import ReviewMaterial, render_review_page
from limner.governance.review_words import figure_words
from limner.governance.unwritten import (
    block,
    is_unwritten,
    unwritten_findings,
    verdict_words,
)
from limner.modelling.fitted import FittedModel, read_model
from limner.models import find_spec
from limner.models.left_out import leave_model_out, why_model_left_out
from limner.portfolios import bank_names, find_portfolio
from limner.registry.default import open_registry
from limner.registry.protocol import ModelRegistry, TrainingRun
from limner.scoring import example_table, must_be_given, score_table
from limner.settings import Settings, load_settings
from limner.stages.command_line import progress, run_from_command_line

PYFUNC_CODE = Path(limner.__file__).parent / "pyfunc_model.py"


def register(model: str) -> None:
    """Judge, document and register one model; the first to pass its gates is champion."""
    if reason := why_model_left_out(model):
        progress(leave_model_out(model, "register", reason))
        return
    settings = load_settings()
    paths = ArtifactPaths.of(model)
    monitoring = PortfolioPaths.of(settings.model(model).portfolio).monitoring
    evidence = ModelEvidence.model_validate_json(require(paths.evidence).read_text("utf-8"))
    fitted = read_model(paths.fitted_model, settings.runtime.threads, evidence.digest)
    drift = read_json(monitoring / "drift.json")

    judged = judge(
        evidence, metrics_of(evidence), settings.model(model).gates, drift["drift_found"],
        settings.assessment.suspicious_auc, settings.assessment.severity,
    )  # fmt: skip
    gates = block(judged, unwritten_findings(fitted.manifest, _owners(model)))
    page = render_review_page(_material(fitted, evidence, gates, drift, settings))

    write_json(paths.gates, gates.model_dump(mode="json"))
    write_text(paths.review_page, page)
    record(fitted, evidence, gates, settings)


def _owners(model: str) -> tuple[str, ...]:
    """Say who answers for a model, and for its table where it is one ready table."""
    spec = find_spec(model)
    if spec.portfolio in bank_names():
        return (spec.owner,)
    return spec.owner, find_portfolio(spec.portfolio).contract.owner


def record(
    fitted: FittedModel, evidence: ModelEvidence, gates: GateReport, settings: Settings
) -> None:
    """Put the version into the registry, move its aliases, and note the run beside the model."""
    model, portfolio = fitted.manifest.model, fitted.manifest.portfolio
    paths, registry = ArtifactPaths.of(model), open_registry()
    example = example_table(fitted.manifest)
    beside = _compare_with_champion(registry, fitted, evidence.digest, paths, settings)
    version = registry.register(
        TrainingRun(
            model=model,
            digest=evidence.digest,
            parameters=flat_parameters(settings.model(model).model_dump(mode="json")),
            metrics=metrics_of(evidence),
            tags=registration_tags(model, portfolio) | {"gates": gates.verdict},
            fitted_directory=paths.fitted_model,
            pyfunc_code=PYFUNC_CODE,
            input_example=example,
            output_example=score_table(fitted, example),
            attachments=(paths.review_page, paths.evidence, paths.plots, *beside),
            optional_inputs=[c.name for c in fitted.manifest.facts if not must_be_given(c)],
        )
    )
    aliases = promote(registry, version, gates)
    write_json(
        paths.registration,
        {"model": model, "version": version.version, "run_id": version.run_id,
         "digest": version.digest, "aliases": list(aliases)},
    )  # fmt: skip
    then = next_command(gates.verdict == "passed", aliases, is_unwritten(gates))
    progress(
        f"{verdict_words(gates)}; version {version.version} is {' and '.join(aliases)};"
        f" read {paths.review_page}, then: {then}"
    )


def _compare_with_champion(
    registry: ModelRegistry, fitted: FittedModel, digest: str, paths: ArtifactPaths,
    settings: Settings,
) -> tuple[Path, ...]:  # fmt: skip
    """Write the version beside the champion it is to replace, if there is another one."""
    paths.champion_comparison.unlink(missing_ok=True)
    customers = pd.read_parquet(require(paths.sample))
    found = compare_with_champion(registry, fitted, digest, customers, settings)
    if found is None:
        return ()
    write_json(paths.champion_comparison, found.model_dump(mode="json"))
    for comparison in found.comparisons:
        # AUC of probabilities, mean absolute error of amounts.
        name, first = next(iter(comparison.differences.items()))
        progress(
            f"{figure_words(name).en} less that of champion version {found.champion_version},"
            f" {comparison.sample}:"
            f" {first.value:+.4f} ({first.low:+.4f} to {first.high:+.4f})"
        )
    for told in found.segments:
        rand, moved = told.adjusted_rand, told.moved
        progress(
            f"Adjusted Rand index with champion version {found.champion_version}, {told.sample}:"
            f" {rand.value:.3f} ({rand.low:.3f} to {rand.high:.3f}); in another segment"
            f" {moved.value:.1%} ({moved.low:.1%} to {moved.high:.1%}) of {told.rows:,} rows"
        )
    if found.not_compared:
        progress(f"not compared with the champion: {found.not_compared}")
    return (paths.champion_comparison,)


def _material(
    fitted: FittedModel, evidence: ModelEvidence, gates: GateReport, drift: Mapping[str, Any],
    settings: Settings,
) -> ReviewMaterial:  # fmt: skip
    model, portfolio = fitted.manifest.model, fitted.manifest.portfolio
    sampled = read_json(ArtifactPaths.of(model).sample_counts)
    return ReviewMaterial(
        manifest=fitted.manifest,
        evidence=evidence,
        gates=gates,
        settings=settings,
        quality=read_json(PortfolioPaths.of(portfolio).quality),
        drift=drift,
        plots=require(ArtifactPaths.of(model).plots),
        training_rounds=fitted.trees.rounds,
        hashes=content_hashes(model, portfolio, settings),
        excluded=sampled.get("excluded"),
        by_days=sampled.get("by_days"),
        rates=sampled.get("rates"),
    )


if __name__ == "__main__":
    run_from_command_line(register)
