"""DVC stage ``train@<model>``: development and validation samples → fitted model."""

import pandas as pd

from limner.artifacts import ArtifactPaths, replacing_folder, require, write_text
from limner.domain import SampleName
from limner.modelling.fitted import write_model
from limner.modelling.rivals import fit_rivals, write_rivals
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.models.learning import fit_on_parts
from limner.models.left_out import leave_model_out, why_model_left_out
from limner.samples import sample_rows
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def train(model: str) -> None:
    """Fit one model; the test and out-of-time samples are not looked at."""
    if reason := why_model_left_out(model):
        progress(leave_model_out(model, "train", reason))
        return
    settings = load_settings()
    paths = ArtifactPaths.of(model)
    customers = pd.read_parquet(require(paths.sample))
    development = sample_rows(customers, SampleName.DEVELOPMENT)
    validation = sample_rows(customers, SampleName.VALIDATION)

    fitted, curve = fit_model(find_spec(model), development, validation, settings, progress)
    rivals = fit_rivals(fitted, development, validation, settings, progress).with_parts(
        fit_on_parts(find_spec(model), development, validation, settings, progress)
    )

    with replacing_folder(paths.fitted_model) as folder:
        write_model(fitted, folder)
    with replacing_folder(paths.rivals) as folder:
        write_rivals(rivals, folder)
    write_text(paths.training_curve, curve.to_csv(index=False))


if __name__ == "__main__":
    run_from_command_line(train)
