"""The compared training settings as a small table for the terminal."""

from collections.abc import Iterator

from limner.onboarding.trials import Trials, Tried

_COLUMNS = (
    ("depth", "max_depth"), ("rate", "learning_rate"), ("leaf weight", "min_child_weight"),
    ("rows", "subsample"), ("features", "column_sample"), ("l2", "l2"),
)  # fmt: skip


def trial_lines(trials: Trials, whole: bool) -> Iterator[str]:
    """Lay the candidates side by side, the one that is drafted marked.

    Args:
        whole: whether the rows are of the whole file, so that none is of the test sample.
    """
    if not trials.tried:
        yield (
            f"Training settings were not compared: {trials.events:,} customers have the rarer"
            " outcome, too few. The first of onboarding.trials.candidates is drafted."
        )
        return
    drawn = f"{trials.rows:,} rows drawn from " if trials.rows < trials.rows_of else ""
    yield (
        f"Training settings compared by {trials.folds} folds of {drawn}the {trials.rows_of:,} rows"
        " of development and validation:"
    )
    yield from _aligned(trials)
    if not whole:
        yield "  The rows were drawn from a large file: some may be in its test sample later."
    yield "  * drafted: the highest mean AUC. Of several, the best is flattered by chance:"
    yield "  judge the model by its test sample, where the page shows XGBoost's defaults beside it."


def _aligned(trials: Trials) -> Iterator[str]:
    interval = f"AUC ({trials.confidence:.0%} interval)"
    rows = [[" ", *(title for title, _ in _COLUMNS), "rounds", interval]]
    rows += [_row(tried, tried.training == trials.chosen) for tried in trials.tried]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths, strict=True)]
        yield "  " + "  ".join(cells).rstrip()


def _row(tried: Tried, drafted: bool) -> list[str]:
    values = [f"{getattr(tried.training, name):g}" for _, name in _COLUMNS]
    auc = f"{tried.auc.value:.4f} ({tried.auc.low:.4f} to {tried.auc.high:.4f})"
    return ["*" if drafted else " ", *values, f"{tried.rounds:,}", auc]
