"""Development, validation, test and out-of-time: four disjoint samples of one population."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.domain import SampleName
from limner.errors import EmptySample, SingleClassSample
from limner.settings import Samples

SAMPLE_COLUMN = "sample"
# Name the person, and the day, where a sample holds a customer at several snapshots.
CUSTOMER_COLUMN = "customer_id"
SNAPSHOT_COLUMN = "snapshot_date"


class DataPart(NamedTuple):
    """A part of development, and the rounds of what was fitted on it."""

    fraction: float
    customers: int
    rounds: int


def draw_samples(
    outcome: npt.NDArray[np.int64],
    dates: pd.Series | None,
    shares: Samples,
    out_of_time_from: dt.date | None,
    seed: int,
) -> npt.NDArray[np.object_]:
    """Assign every customer to exactly one sample.

    The latest customers, if there are dates and a day is set, are out of time; the
    others are split at random, with the same outcome rate in each part.

    Args:
        outcome: 0 or 1, shape (n_customers,).
        dates: day each customer's facts were known, or None.
        shares: of development, validation and test; sum to 1.
        out_of_time_from: first day of the out-of-time sample, or None for none.
        seed: of the random split.

    Returns:
        sample names, shape (n_customers,).
    """
    names = np.full(len(outcome), SampleName.OUT_OF_TIME.value, dtype=object)
    late = _is_late(dates, out_of_time_from, len(outcome))
    generator = np.random.default_rng(seed)
    for value in np.unique(outcome):
        stratum = generator.permutation(np.flatnonzero((outcome == value) & ~late))
        names[stratum] = _names_in_order(len(stratum), shares)
    return names


def check_samples(
    model: str, outcome_name: str, outcome: npt.NDArray[np.int64], names: npt.NDArray[np.object_],
    expected: tuple[SampleName, ...],
) -> None:  # fmt: skip
    """Refuse samples that no model can be built or judged on.

    Raises:
        EmptySample: an expected sample holds no customer.
        SingleClassSample: every customer of a sample has the same outcome.
    """
    for sample in expected:
        inside = outcome[names == sample.value]
        if len(inside) == 0:
            remedy = (
                "move the portfolio's out_of_time_from in params.yaml to a day inside the data"
                if sample is SampleName.OUT_OF_TIME
                else "check samples.* and out_of_time_from in params.yaml, and the extract"
            )
            raise EmptySample(model, sample.value, remedy)
        if inside.min() == inside.max():
            value = int(inside[0])
            raise SingleClassSample(model, sample.value, outcome_name, value, len(inside))


def sample_rows(frame: pd.DataFrame, sample: SampleName) -> pd.DataFrame:
    """Return the customers of one sample, in table order."""
    return frame[frame[SAMPLE_COLUMN] == sample.value].reset_index(drop=True)


def samples_present(frame: pd.DataFrame) -> tuple[SampleName, ...]:
    """Name the samples that a table of customers holds, in the order of their use."""
    found = set(frame[SAMPLE_COLUMN].unique())
    return tuple(sample for sample in SampleName if sample.value in found)


def customer_numbers(frame: pd.DataFrame) -> npt.NDArray[np.int64] | None:
    """Number the customers of a sample in which some stand in several rows; None for others.

    Rows of one customer are no independent evidence: what draws rows again draws these together.
    """
    if CUSTOMER_COLUMN not in frame or frame[CUSTOMER_COLUMN].is_unique:
        return None
    numbers, _ = pd.factorize(frame[CUSTOMER_COLUMN])
    return np.asarray(numbers, dtype=np.int64)


def latest_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep each customer's last row, in table order; all rows where each is its own customer.

    Rows of a sample of snapshots stand in the order of these.
    """
    if CUSTOMER_COLUMN not in frame:
        return frame
    return frame.drop_duplicates(CUSTOMER_COLUMN, keep="last").reset_index(drop=True)


def expected_samples(dated: bool) -> tuple[SampleName, ...]:
    """Name the samples a population must fill; only a dated one has an out-of-time sample."""
    return tuple(s for s in SampleName if dated or s is not SampleName.OUT_OF_TIME)


def count_samples(
    outcome: npt.NDArray[np.int64], names: npt.NDArray[np.object_]
) -> dict[str, dict[str, float]]:
    """Count customers and outcomes of each sample that holds any."""
    inside = {s.value: outcome[names == s.value] for s in SampleName}
    return {
        name: {
            "customers": len(found),
            "events": int(found.sum()),
            "event_rate": round(float(found.mean()), 6),
        }
        for name, found in inside.items()
        if len(found)
    }


def count_amounts(
    amounts: npt.NDArray[np.int64], names: npt.NDArray[np.object_]
) -> dict[str, dict[str, float]]:
    """Count customers of each sample that holds any, and their mean amount in minor units."""
    inside = {s.value: amounts[names == s.value] for s in SampleName}
    return {
        name: {
            "customers": len(found),
            "mean_minor": round(float(found.mean()), 2),
            "negative_share": round(float((found < 0).mean()), 6),
        }
        for name, found in inside.items()
        if len(found)
    }


def _is_late(
    dates: pd.Series | None, out_of_time_from: dt.date | None, rows: int
) -> npt.NDArray[np.bool_]:
    if dates is None or out_of_time_from is None:
        return np.zeros(rows, dtype=bool)
    late: npt.NDArray[np.bool_] = (
        pd.to_datetime(dates) >= pd.Timestamp(out_of_time_from)
    ).to_numpy()
    return late


def _names_in_order(rows: int, shares: Samples) -> npt.NDArray[np.object_]:
    ends = np.rint(np.cumsum([shares.development, shares.validation]) * rows).astype(int)
    names = np.full(rows, SampleName.TEST.value, dtype=object)
    names[: ends[0]] = SampleName.DEVELOPMENT.value
    names[ends[0] : ends[1]] = SampleName.VALIDATION.value
    return names
