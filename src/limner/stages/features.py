"""DVC stage ``features@<bank>``: trusted tables → one file of features a snapshot date."""

from limner.artifacts import BankPaths, require, write_json, write_text
from limner.features.relational.options import FeatureOptions
from limner.features.relational.page import read_page, render_page
from limner.features.relational.snapshot import compute_snapshots, snapshot_file, summary
from limner.portfolios import find_bank
from limner.portfolios.left_out import leave_out, why_left_out
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def features(bank: str) -> None:
    """Compute the features of every snapshot date whose inputs have changed."""
    settings, paths = load_settings(), BankPaths.of(bank)
    if reason := why_left_out(require(paths.trusted)):
        outputs = paths.features, paths.features_summary, paths.features_page
        leave_out(outputs, reason, find_bank(bank).title)
        progress(f"{bank}: left out, {reason}")
        return
    options = FeatureOptions(**settings.features.model_dump(), threads=settings.runtime.threads)
    dates = settings.bank(bank).snapshots.dates
    reports = compute_snapshots(paths.trusted, dates, paths.features, options, progress=progress)
    write_json(paths.features_summary, summary(reports))
    write_text(
        paths.features_page, render_page(read_page(bank, snapshot_file(paths.features, dates[-1])))
    )
    progress(f"read {paths.features_page}")


if __name__ == "__main__":
    run_from_command_line(features)
