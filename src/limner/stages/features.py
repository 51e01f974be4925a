"""DVC stage ``features@<bank>``: trusted tables → one file of features a snapshot date."""

from limner.artifacts import BankPaths, read_json, replacing_folder, write_json, write_text
from limner.features.relational.options import FeatureOptions
from limner.features.relational.page import read_page, render_page
from limner.features.relational.snapshot import compute_snapshots, snapshot_file, summary
from limner.portfolios import find_bank
from limner.portfolios.left_out import render_left_out_page
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def features(bank: str) -> None:
    """Compute the features of every snapshot date whose inputs have changed."""
    settings, paths = load_settings(), BankPaths.of(bank)
    left_out = read_json(paths.quality).get("bank_left_out")
    if left_out:
        with replacing_folder(paths.features) as empty:
            write_text(empty / "LEFT_OUT", f"{left_out}\n")
        write_json(paths.features_summary, {"left_out": left_out})
        write_text(paths.features_page, render_left_out_page(find_bank(bank).title, left_out))
        progress(f"{bank}: left out, {left_out}")
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
