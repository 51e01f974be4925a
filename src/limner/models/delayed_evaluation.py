"""How good a model is whose outcomes become known late: round by round, in its own days."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.assessment.card_precision import card_precision
from limner.assessment.discrimination import Ranking
from limner.delayed_samples import DatedRows, Round, RoundRows, rounds, rows_of
from limner.modelling.cross_fitting import fit_fold, prepare_folds
from limner.modelling.folds import Fold
from limner.models.evaluation import EncodedRows, encode_rows
from limner.models.population import delayed_columns
from limner.models.spec import ModelSpec
from limner.portfolios import find_portfolio
from limner.settings import DelayedSamples, Settings

# Cards that the handbook's authors suppose can be looked into each day.
CARDS = 100


@dataclass(frozen=True)
class RankingFigures:
    """How well judged rows are ranked; ``card_precision`` is of :data:`CARDS` cards a day."""

    rows: int
    events: int
    auc: float
    average_precision: float
    card_precision: float


@dataclass(frozen=True)
class RoundFigures:
    """One round: its days, and its figures with and without customers known to be compromised.

    ``left`` are the rows that the protocol judges, ``all_rows`` those of every customer.
    """

    days: Round
    trees: int
    left: RankingFigures
    all_rows: RankingFigures


def evaluate_rounds(
    spec: ModelSpec, frame: pd.DataFrame, protocol: DelayedSamples, settings: Settings,
    progress: Callable[[str], None],
) -> tuple[RoundFigures, ...]:  # fmt: skip
    """Fit and judge a model on every round of a protocol.

    Args:
        frame: trusted rows of the portfolio; those before the first fitted day are not read.

    Raises:
        RoundWithoutRows: a round lies outside the rows.
        FeatureForbidden: the definition asks for a feature it may not use.
    """
    portfolio = find_portfolio(spec.portfolio)
    columns = delayed_columns(portfolio, spec)
    first = pd.Timestamp(rounds(protocol)[0].fitted_from)
    kept = frame[pd.to_datetime(frame[columns.day]) >= first].reset_index(drop=True)
    rows, encoded = DatedRows.of(kept, columns), encode_rows(spec, kept, settings)
    found = []
    for days in rounds(protocol):
        part = rows_of(portfolio.name, rows, days, protocol.validation_share, settings.seed)
        figures = _judge(spec, encoded, rows, days, part, settings)
        progress(
            f"{spec.name}, {days.judged_from}: average precision"
            f" {figures.left.average_precision:.4f}, AUC {figures.left.auc:.4f}"
        )
        found.append(figures)
    return tuple(found)


def _judge(
    spec: ModelSpec, encoded: EncodedRows, rows: DatedRows, days: Round, part: RoundRows,
    settings: Settings,
) -> RoundFigures:  # fmt: skip
    training, threads = settings.model(spec.name).training, settings.runtime.threads
    (prepared,) = prepare_folds(
        encoded.values, encoded.outcome, encoded.features,
        [Fold(part.fitted, part.stopped, part.judged)], training.max_bins, threads,
    )  # fmt: skip
    fit = fit_fold(prepared, encoded.features, training, settings.seed, threads)
    scores = fit.judged.astype(np.float64)
    left = ~part.known
    return RoundFigures(
        days, fit.rounds, _figures(rows, part.judged[left], scores[left]),
        _figures(rows, part.judged, scores),
    )  # fmt: skip


def _figures(
    rows: DatedRows, judged: npt.NDArray[np.int64], scores: npt.NDArray[np.float64]
) -> RankingFigures:
    outcome = rows.outcome[judged]
    ranking = Ranking(scores, outcome).figures(np.ones(len(outcome)))
    return RankingFigures(
        len(judged), int(outcome.sum()), ranking["auc"], ranking["average_precision"],
        card_precision(rows.days[judged], rows.customers[judged], outcome, scores, CARDS),
    )  # fmt: skip
