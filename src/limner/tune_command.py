"""``limner tune``: search for a model's training parameters, and write them down."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limner.running_code import refuse_foreign_code

if TYPE_CHECKING:
    from limner.models.tuning import Tuning
    from limner.settings import Settings

_SHOWN = 5


@click.command()
@click.argument("model")
@click.option("--trials", type=click.IntRange(min=1), help="Instead of tuning.trials.")
@click.option(
    "--apply/--no-apply", default=None, help="Write the best into params.yaml; else it is asked."
)
def tune(model: str, trials: int | None, apply: bool | None) -> None:
    """Search for the training parameters of MODEL that judge held-out folds best.

    It sees development and validation only. Interrupt it when you like: the same command
    goes on where it stopped. Budget and ranges are under 'tuning' in params.yaml.
    """
    refuse_foreign_code()
    settings = _settings(model, trials)
    found = _search(model, settings)
    click.echo(report(found, list(settings.tuning.ranges)))
    question = "Write the best into params.yaml?"
    if found.best[0].number == 0:
        question = "None is better than the present ones. Write this search into params.yaml?"
    if apply if apply is not None else click.confirm(question):
        write(model, found, list(settings.tuning.ranges))
        click.echo(f"Written. Now: uv run dvc repro register@{model}")


def report(found: "Tuning", names: Sequence[str]) -> str:
    """Show the best trials side by side, and how much each parameter matters."""
    best = found.best[:_SHOWN]
    rows = [["", *(f"trial {trial.number + 1}" for trial in best), "best five", "importance"]]
    rows.append([found.tuned.objective, *(f"{trial.score:.5f}" for trial in best), "", ""])
    for name in names:
        values = [trial.parameters[name] for trial in best]
        share = found.importance.get(name)
        rows.append(
            [
                name,
                *(f"{value:.4g}" for value in values),
                f"{min(values):.4g} to {max(values):.4g}",
                "-" if share is None else f"{share:.0%}",
            ]
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    tuned = found.tuned
    ending = (
        f"{tuned.trials} trials of {tuned.folds} folds: {tuned.objective} {tuned.score:.5f}, with"
        f" the parameters before {tuned.before:.5f}. The best of many is flattered by chance:"
        " judge the model by its test sample."
    )
    return "\n".join([*lines, "", ending])


def write(model: str, found: "Tuning", names: Sequence[str]) -> None:
    """Put the parameters and where they come from into ``params.yaml``; comments stay.

    Raises:
        NoPlaceForDrafts: the model's block is not written one key below another.
    """
    from limner.artifacts import replacing
    from limner.onboarding.params_values import set_values
    from limner.settings import PARAMS_FILE

    # Bytes, so that line ends stay what they are.
    text = PARAMS_FILE.read_bytes().decode("utf-8")
    if found.best[0].number:
        values = {name: getattr(found.training, name) for name in names}
        text = set_values(text, ("models", model, "training"), values)
    text = set_values(text, ("models", model, "tuned"), found.tuned.model_dump())
    with replacing(PARAMS_FILE) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def _settings(model: str, trials: int | None) -> "Settings":
    from limner.settings import load_settings

    settings = load_settings()
    settings.model(model)
    if trials is None:
        return settings
    wanted = settings.tuning.model_copy(update={"trials": trials})
    return settings.model_copy(update={"tuning": wanted})


def _search(model: str, settings: "Settings") -> "Tuning":
    import pandas as pd

    from limner.artifacts import ArtifactPaths, sha256_of
    from limner.domain import SampleName
    from limner.models import find_spec
    from limner.models.left_out import refuse_left_out
    from limner.models.tuning import refuse_untunable
    from limner.models.tuning import tune as tune_model
    from limner.samples import SAMPLE_COLUMN, sample_rows

    paths, spec = ArtifactPaths.of(model), find_spec(model)
    refuse_untunable(spec)
    refuse_left_out(model)
    seen = [SampleName.DEVELOPMENT.value, SampleName.VALIDATION.value]
    sample = require_sample(model, paths.sample)
    # The rows of the other samples are not even read.
    customers = pd.read_parquet(sample, filters=[(SAMPLE_COLUMN, "in", seen)])
    click.echo(f"Trials are kept in {paths.study}")
    return tune_model(
        spec,
        sample_rows(customers, SampleName.DEVELOPMENT),
        sample_rows(customers, SampleName.VALIDATION),
        settings,
        sha256_of(sample),
        paths.study,
        lambda text: click.echo(f"  {text}"),
    )


def require_sample(model: str, sample: Path) -> Path:
    """Return the sample's path if it is there.

    Raises:
        ArtifactMissing: it is not.
    """
    from limner.errors import ArtifactMissing

    if not sample.exists():
        raise ArtifactMissing(str(sample), f"run 'uv run dvc repro sample@{model}' first")
    return sample
