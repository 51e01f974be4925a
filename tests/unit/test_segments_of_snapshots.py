"""Segments of customers who are seen at several snapshots, formed as latent classes."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from limner.appraisal import Reviewed, gather_evidence
from limner.assessment.evidence import ModelEvidence, metrics_of
from limner.domain import SampleName
from limner.features import find_catalogue
from limner.modelling.fitted import FittedModel
from limner.modelling.latent_classes import LatentClasses
from limner.models import find_spec
from limner.models.fitting import fit_model
from limner.samples import SAMPLE_COLUMN, latest_rows
from limner.settings import Settings
from small_models import SEGMENTS, quick_settings, samples_of

MONTHS = ("2024-01-01", "2024-02-01")


def settings() -> Settings:
    found = quick_settings()
    model = found.model(SEGMENTS)
    assert model.segmentation
    changed = model.segmentation.model_copy(update={"method": "latent_classes", "bins": 5})
    models = {**found.models, SEGMENTS: model.model_copy(update={"segmentation": changed})}
    shorter = found.assessment.model_copy(update={"resamples": 20})
    return found.model_copy(update={"models": models, "assessment": shorter})


def at_two_months(frame: pd.DataFrame, sample: SampleName) -> pd.DataFrame:
    """See everybody twice; in the first month nobody has any money, nor was called before."""
    names = [f"{sample.value} {number}" for number in range(len(frame))]
    known = frame.assign(customer_id=names, **{SAMPLE_COLUMN: sample.value})
    months = [
        known.assign(balance=0, previous_contacts=0, previous_outcome="unknown"), known
    ]  # fmt: skip
    return pd.concat(
        [part.assign(snapshot_date=day) for part, day in zip(months, MONTHS, strict=True)],
        ignore_index=True,
    )


@cache
def customers() -> dict[SampleName, pd.DataFrame]:
    parts = samples_of(SEGMENTS)
    return {
        sample: at_two_months(frame, sample)
        for sample, frame in zip(
            (SampleName.DEVELOPMENT, SampleName.VALIDATION, SampleName.TEST), parts, strict=True
        )
    }


@cache
def fitted() -> FittedModel:
    seen = customers()
    found, _ = fit_model(
        find_spec(SEGMENTS), seen[SampleName.DEVELOPMENT], seen[SampleName.VALIDATION], settings(),
        lambda _: None,
    )  # fmt: skip
    return found


@cache
def evidence() -> ModelEvidence:
    reviewed = Reviewed(
        fitted(), "ab" * 32, pd.concat(customers().values(), ignore_index=True),
        find_catalogue("bank_marketing").contract,
    )  # fmt: skip
    return gather_evidence(reviewed, settings())[0]


def test_segments_are_formed_of_each_customer_once_as_last_seen() -> None:
    part = fitted().manifest.segmentation
    assert part is not None
    assert isinstance(part.clustering, LatentClasses)
    # Had the first month a say, half of all would lie in one bin of nought.
    shares = np.average(
        part.clustering.probabilities, axis=0, weights=part.clustering.shares
    )  # fmt: skip
    balances = [s for level, s in zip(part.clustering.levels, shares, strict=True)
                if level.feature.name == "balance"]  # fmt: skip
    assert max(balances) < 0.35


def test_segments_are_described_by_every_snapshot() -> None:
    part = fitted().manifest.segmentation
    assert part is not None
    seen = customers()[SampleName.DEVELOPMENT]
    assert sum(segment.customers for segment in part.segments) == len(seen)
    events = sum(segment.customers * segment.response_rate for segment in part.segments)
    assert events == pytest.approx(seen["subscribed"].sum())


def test_the_latest_row_is_the_last_in_the_table_and_marts_keep_all_rows() -> None:
    rows = customers()[SampleName.TEST]
    latest = latest_rows(rows)
    assert set(latest["snapshot_date"]) == {MONTHS[1]}
    assert latest["customer_id"].is_unique
    assert len(latest) == len(rows) // 2
    mart = rows.drop(columns="customer_id")
    assert latest_rows(mart) is mart


def test_months_are_compared_on_judged_samples_and_can_be_gated() -> None:
    (months,) = evidence().segment_months
    assert (months.sample, months.snapshots) == ("test", 2)
    assert months.customers == len(customers()[SampleName.TEST]) // 2
    assert months.first_to_last is None
    metrics = metrics_of(evidence())
    assert metrics["test/month_to_month_rand"] == pytest.approx(
        months.next_snapshot.value, abs=1e-6
    )
    assert metrics["test/month_to_month_rand_low"] <= metrics["test/month_to_month_rand"]
    # Somebody was called between the months, and segments have changed for it.
    assert months.next_snapshot.value < 1


def test_the_surrogate_gives_the_segments_that_the_classes_would() -> None:
    assert evidence().samples["test"].values["agreement"] > 0.85
