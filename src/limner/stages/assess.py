"""DVC stage ``assess@<model>``: fitted model and all samples → evidence, metrics and plots."""

import pandas as pd

from limner.appraisal import Reviewed, draw_evidence, gather_evidence, plot_tables
from limner.artifacts import ArtifactPaths, replacing_folder, require, write_json, write_text
from limner.assessment.evidence import metrics_of
from limner.features import find_catalogue
from limner.modelling.fitted import digest_of, read_model
from limner.modelling.rivals import read_rivals
from limner.models import find_spec
from limner.models.left_out import leave_model_out, why_model_left_out
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def assess(model: str) -> None:
    """Assess one model on every sample; the test sample is opened here and only here."""
    if reason := why_model_left_out(model):
        progress(leave_model_out(model, "assess", reason))
        return
    settings = load_settings()
    paths = ArtifactPaths.of(model)
    fitted = read_model(paths.fitted_model, settings.runtime.threads)
    reviewed = Reviewed(
        fitted=fitted,
        digest=digest_of(paths.fitted_model),
        customers=pd.read_parquet(require(paths.sample)),
        contract=find_catalogue(settings.model(model).portfolio).contract,
        rivals=read_rivals(paths.rivals, fitted.manifest.features, settings.runtime.threads),
        spec=find_spec(model),
    )

    evidence, explained = gather_evidence(reviewed, settings)

    with replacing_folder(paths.plots) as folder:
        draw_evidence(reviewed, evidence, explained, folder, settings.seed)
    for name, table in plot_tables(evidence).items():
        write_text(paths.folder / f"{name}.csv", table.to_csv(index=False))
    write_text(paths.evidence, evidence.model_dump_json(indent=1) + "\n")
    metrics = metrics_of(evidence)
    write_json(paths.metrics, metrics)
    headline = (
        "cross_fitted/auc", "test/auc", "out_of_time/auc", "test/ece", "test/agreement",
        "test/r2", "out_of_time/r2",
        "test/coverage", "out_of_time/coverage",
    )  # fmt: skip
    progress(", ".join(f"{key} {metrics[key]:.4f}" for key in headline if key in metrics))


if __name__ == "__main__":
    run_from_command_line(assess)
