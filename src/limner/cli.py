"""The command line: serve, score, register again, look, and check."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from limner.artifacts import ArtifactPaths, write_text
from limner.errors import (
    DraftUnwritten,
    LimnerError,
    ModelLeftOut,
    NoChampion,
    NotStated,
    UnknownName,
    unwritable_told,
)
from limner.feature_commands import features
from limner.given_paths import FileToRead, FolderToRead, NewFile, refuse_existing, refuse_inputs
from limner.interruption import interruptible
from limner.onboarding.command import portfolio
from limner.privacy_commands import identity, privacy
from limner.running_code import refuse_foreign_code
from limner.settings import load_settings
from limner.tune_command import tune

if TYPE_CHECKING:
    from limner.modelling.fitted import FittedModel
    from limner.scoring.table_file import FileSettings
    from limner.settings import Settings


class _OneLineErrors(click.Group):
    """Show a deliberate error as one line and leave with its own exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with interruptible(), unwritable_told():
                return super().invoke(ctx)
        except LimnerError as error:
            # A path or a name that a person typed may hold a line break.
            click.echo(" ".join(f"{type(error).__name__}: {error}".splitlines()), err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_OneLineErrors, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="limner")
def main() -> None:
    """Limner: customer profiles (客户画像) and risk models, from extracts to HTTP.

    Run 'uv run dvc repro' first: it trains, assesses and registers every model of
    params.yaml. Then these commands use the champions it made.
    """


for commands in (features, identity, portfolio, privacy, tune):
    main.add_command(commands)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="IP address to listen on.")
@click.option("--port", default=3000, show_default=True, help="Port to listen on.")
def serve(host: str, port: int) -> None:
    """Serve every champion over HTTP until interrupted.

    \b
    Then, in another terminal:
      curl http://127.0.0.1:3000/v1/models
      uv run limner example serious_delinquency |
        curl -H 'Content-Type: application/json' -d @- \\
          http://127.0.0.1:3000/v1/models/serious_delinquency/scores
    """  # noqa: D301  click reads \b as "keep these lines"
    from limner.registry.default import registry_uri, scratch_folder

    click.echo(f"Serving the champions of {_shown(registry_uri())} on http://{host}:{port}")
    click.echo(f"OpenAPI: http://{host}:{port}/openapi.json   stop with Ctrl-C")
    sys.stdout.flush()
    service = "limner.services.scoring_service:LimnerService"
    arguments = ["-m", "bentoml", "serve", service, "--host", host, "--port", str(port)]
    # BentoML empties its metrics folder at start: two services may not share one.
    os.environ.setdefault("BENTOML_HOME", str(scratch_folder(f"bentoml-{port}").absolute()))
    # The server takes this process's place, so that signals and the exit code are its own.
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  no shell is wanted


@main.command()
@click.argument("model")
@click.argument("table", type=FileToRead())
@click.option(
    "-o",
    "--output",
    type=NewFile(replace_flag="--replace"),
    help="CSV to write; else stdout. An existing file is refused without --replace.",
)
@click.option("--replace", is_flag=True, help="Let -o replace an existing file.")
@click.option("--reasons", is_flag=True, help="Add the reasons for each score.")
@click.option(
    "--fitted",
    type=FolderToRead(),
    help="A fitted model's folder instead of the champion.",
)
def score(
    model: str, table: Path, output: Path | None, replace: bool, reasons: bool, fitted: Path | None
) -> None:
    """Score the customers of TABLE with MODEL's champion.

    TABLE is CSV (any separator and encoding, gzipped or not) or Parquet, told by its
    content. It has one column for each fact of the model ('limner example MODEL' shows
    them), or it is a file such as the model's portfolio was made from. An empty cell is
    missing; other columns are ignored. Rows keep their order.

    \b
    A bank's customers at a snapshot, but those who withheld the model's purpose:
      uv run limner score attrition data/harbour/tables/features/2025-01-01.parquet
    """  # noqa: D301  click reads \b as "keep these lines"
    from limner.scoring.table_file import score_file

    if output is not None:
        refuse_inputs(output, (table, fitted))
        if not replace:
            refuse_existing(output, "name another file, or add --replace")
    settings = load_settings()
    chosen = _read_fitted(model, fitted)
    found = score_file(chosen, table, _file_settings(settings), reasons)
    for note in found.notes:
        click.echo(note, err=True)
    scores = found.scores
    text = scores.to_csv(index=False)
    if output is None:
        click.echo(text, nl=False)
    else:
        write_text(output, text)
        click.echo(f"{len(scores):,} customers scored: {output}", err=True)


@main.command()
@click.argument("model")
def example(model: str) -> None:
    """Print a request that MODEL's service answers: JSON for curl.

    The values are medians and commonest values of the development sample.
    """
    fitted = _read_fitted(model, None)
    request = {"records": [dict(fitted.manifest.example)], "reasons": True}
    click.echo(json.dumps(request, ensure_ascii=False, indent=1))


@main.command()
def models() -> None:
    """List every version in the registry with its aliases, and the models that are left out.

    A model in artifacts/ that is neither champion nor challenger is told on stderr, with
    the command that registers it.
    """
    from limner.governance.registry_state import mending_command, registry_states
    from limner.models.left_out import models_left_out
    from limner.registry.default import open_registry, registry_uri

    registry, left_out = open_registry(), models_left_out()
    names = registry.models()
    differing = [state for state in registry_states(registry) if state.differs]
    if not names and not left_out and not differing:
        raise NoChampion(_shown(registry_uri()))
    for name in names:
        for version in registry.versions(name):
            aliases = ", ".join(version.aliases) or "-"
            click.echo(f"{name:28} {version.version:>4}  {aliases:24} {version.digest[:12]}")
    for name, reason in left_out.items():
        click.echo(f"{name:28}    -  left out: {reason}")
    for state in differing:
        folder = ArtifactPaths.of(state.model).folder
        click.echo(f"{folder}: {state.words}: {mending_command([state.model])}", err=True)


@main.command()
@click.argument("names", metavar="[MODEL]...", nargs=-1)
def register(names: tuple[str, ...]) -> None:
    """Register the models in artifacts/ (all by default) in this machine's registry.

    'dvc repro' does this when it trains. Use it after 'dvc pull', which brings
    models but no registry, or with another MLFLOW_TRACKING_URI.
    """
    from limner.models.left_out import refuse_left_out
    from limner.stages.register import register as register_one

    refuse_foreign_code()
    for name in names:
        refuse_left_out(name)
    for name in names or load_settings().models:
        click.echo(name)
        register_one(name)


@main.command()
@click.option("--port", default=5000, show_default=True, help="Port to listen on.")
def ui(port: int) -> None:
    """Open MLflow's pages on this registry (http://127.0.0.1:PORT), telemetry off."""
    from limner.registry.default import open_registry, registry_uri

    # A registry that was moved records its files anew here; none is made where there is none.
    if not open_registry().models():
        raise NoChampion(_shown(registry_uri()))
    arguments = ["-m", "mlflow", "ui", "--backend-store-uri", registry_uri(), "--port", str(port)]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  no shell is wanted


@main.command()
def check() -> None:
    """Check params.yaml and that every portfolio and model in it is defined.

    Lists each line of a draft that still waits for a person, and then refuses.
    """
    from limner.features import find_catalogue
    from limner.models import find_spec
    from limner.onboarding.unwritten import unwritten_places
    from limner.outcomes import find_outcome
    from limner.portfolios import find_bank

    refuse_foreign_code()
    settings = load_settings()
    for name in settings.portfolios:
        find_catalogue(name)
    for name in settings.banks:
        find_bank(name)
    places = unwritten_places(settings)
    for name, model in settings.models.items():
        try:
            spec = find_spec(name)
            spec.refuse_other_family(model)
            spec.features(model.protected_features)
            find_outcome(spec.outcome_name)
        except NotStated:
            # Its line is among the places; the other models are checked all the same.
            if not places:
                raise
    if places:
        for place in places:
            click.echo(str(place))
        raise DraftUnwritten(len(places), sorted({place.file for place in places}))
    counts = (
        f"{len(settings.portfolios)} portfolios, {len(settings.banks)} banks,"
        f" {len(settings.models)} models"
    )
    click.echo(f"params.yaml: {counts}, in order")


def _read_fitted(model: str, folder: Path | None) -> "FittedModel":
    from limner.modelling.fitted import read_model
    from limner.models.left_out import refuse_left_out
    from limner.portfolios.left_out import why_left_out
    from limner.registry.default import open_registry, registry_uri, scratch_folder
    from limner.registry.protocol import CHAMPION

    threads = load_settings().runtime.threads
    if folder is not None:
        if reason := why_left_out(folder):
            raise ModelLeftOut(model, reason)
        fitted = read_model(folder, threads)
        if fitted.manifest.model != model:
            raise UnknownName(f"model in {folder}", model, [fitted.manifest.model])
        return fitted
    registry = open_registry()
    champion = registry.version_by_alias(model, CHAMPION)
    if champion is None:
        refuse_left_out(model)
        known = [name for name in registry.models() if registry.version_by_alias(name, CHAMPION)]
        if not known:
            raise NoChampion(_shown(registry_uri()))
        raise UnknownName("champion", model, known, load_settings().given_by(model))
    files = registry.fetch(champion, scratch_folder("fetched"))
    return read_model(files, threads, champion.digest)


def _file_settings(settings: "Settings") -> "FileSettings":
    from limner.intake.own_file import OwnForm
    from limner.portfolios import find_portfolio, portfolio_names
    from limner.scoring.table_file import FileSettings
    from limner.stages.intake import told_of

    def own_form(portfolio: str) -> OwnForm | None:
        if portfolio not in portfolio_names() or portfolio not in settings.portfolios:
            return None
        definition = find_portfolio(portfolio)
        return OwnForm(definition, told_of(definition, settings))

    defaults = settings.features.consent_defaults.by_purpose()
    return FileSettings(defaults, own_form, settings.runtime.threads, tuple(settings.banks))


def _shown(uri: str) -> str:
    from limner.registry.protocol import without_credentials

    return without_credentials(uri)


if __name__ == "__main__":
    main()
