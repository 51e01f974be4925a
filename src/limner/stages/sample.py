"""DVC stage ``sample@<model>``: trusted tables → development, validation, test, out-of-time."""

from limner.artifacts import ArtifactPaths, replacing, write_json
from limner.models import find_spec
from limner.models.left_out import leave_model_out, why_portfolio_left_out
from limner.models.population import draw_population
from limner.portfolios.left_out import clear_mark
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def sample(model: str) -> None:
    """Assign everybody of the model's population to one sample."""
    settings, spec = load_settings(), find_spec(model)
    spec.refuse_other_family(settings.model(model))
    if reason := why_portfolio_left_out(model, settings):
        progress(leave_model_out(model, "sample", reason))
        return

    population = draw_population(spec, settings)

    paths = ArtifactPaths.of(model)
    clear_mark(paths.sample)
    with replacing(paths.sample) as temporary:
        population.frame.to_parquet(temporary, index=False)
    excluded = {"excluded": population.excluded} if population.excluded else {}
    by_days = {"by_days": population.by_days} if population.by_days else {}
    rates = {"rates": population.rates} if population.rates else {}
    write_json(paths.sample_counts, population.counts | excluded | by_days | rates)
    progress(
        ", ".join(f"{name} {found['customers']:,}" for name, found in population.counts.items())
    )


if __name__ == "__main__":
    run_from_command_line(sample)
