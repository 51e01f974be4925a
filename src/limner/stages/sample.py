"""DVC stage ``sample@<model>``: trusted table → development, validation, test, out-of-time."""

import pandas as pd

from limner.artifacts import ArtifactPaths, PortfolioPaths, replacing, require, write_json
from limner.models import find_spec
from limner.portfolios import find_portfolio
from limner.samples import (
    SAMPLE_COLUMN,
    check_samples,
    count_samples,
    draw_samples,
    expected_samples,
)
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def sample(model: str) -> None:
    """Assign every customer of the model's population to one sample."""
    settings = load_settings()
    spec = find_spec(model)
    portfolio = find_portfolio(settings.model(model).portfolio)
    late_from = settings.portfolio(portfolio.name).out_of_time_from
    customers = pd.read_parquet(require(PortfolioPaths.of(portfolio.name).trusted))

    outcome = customers[spec.outcome.column].to_numpy()
    dates = customers[portfolio.date_column] if portfolio.date_column else None
    names = draw_samples(outcome, dates, settings.samples, late_from, settings.seed)
    expected = expected_samples(dated=dates is not None and late_from is not None)
    check_samples(model, spec.outcome.column, outcome, names, expected)

    paths = ArtifactPaths.of(model)
    counts = count_samples(outcome, names)
    with replacing(paths.sample) as temporary:
        customers.assign(**{SAMPLE_COLUMN: names}).to_parquet(temporary, index=False)
    write_json(paths.sample_counts, counts)
    progress(", ".join(f"{name} {found['customers']:,}" for name, found in counts.items()))


if __name__ == "__main__":
    run_from_command_line(sample)
