"""Appraise a model of amounts: figures, tiers and deciles, rivals, groups, the explanation."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from limner.assessment.amount_evidence import AmountEvidence
from limner.assessment.amount_figures import compare_amounts
from limner.assessment.amounts import (
    AmountSample,
    assess_amount_sample,
    assess_deciles,
    assess_tiers,
)
from limner.assessment.assess import ScoredSample, explain_model, protected_groups
from limner.assessment.bootstrap import Floats
from limner.assessment.comparison_evidence import LearningPoint, PairedComparison
from limner.assessment.evidence import ExplanationEvidence, FairnessEvidence, SampleEvidence
from limner.assessment.fairness import assess_fairness
from limner.assessment.paired import MODEL
from limner.assessment.worth import learning_points
from limner.contract import Contract
from limner.domain import JUDGED, SampleName
from limner.features.encoding import Matrix
from limner.modelling.amount_part import AmountPart
from limner.modelling.fitted import FittedModel
from limner.modelling.rivals import Rivals
from limner.scoring import scored
from limner.settings import Settings

UNIT = "minor units"


@dataclass(frozen=True)
class AppraisedAmounts:
    """A model of amounts with everybody it scored; ``rivals`` None where none were fitted."""

    fitted: FittedModel
    part: AmountPart
    rivals: Rivals | None
    contract: Contract
    samples: Mapping[str, ScoredSample]
    frames: Mapping[str, pd.DataFrame]

    def sample(self, name: str) -> AmountSample:
        """Return one sample as amounts."""
        found = self.samples[name]
        assert found.interval is not None, "a model of amounts gives intervals"
        return AmountSample(
            found.value, found.outcome.astype(np.float64), found.interval,
            self.part.tier(found.value), found.clusters,
        )  # fmt: skip


def amount_samples(appraised: AppraisedAmounts, settings: Settings) -> dict[str, SampleEvidence]:
    """Compute the figures of every sample."""
    return {
        name: assess_amount_sample(
            appraised.sample(name), appraised.part.offered_from_minor, settings.assessment,
            settings.seed, name in JUDGED,
        )
        for name in appraised.samples
    }  # fmt: skip


def amount_evidence(appraised: AppraisedAmounts, settings: Settings) -> AmountEvidence:
    """Find whether intervals hold by tier and decile, and what the model adds to simpler ones."""
    part, assessment = appraised.part, settings.assessment
    judged = [name for name in JUDGED if name in appraised.samples]
    tiers = [(tier.name, tier.offered) for tier in part.tiers]
    rivals = appraised.rivals.record.amount if appraised.rivals else None
    return AmountEvidence(
        coverage=part.coverage,
        offered_from_minor=part.offered_from_minor,
        tiers=tuple(
            found
            for name in judged
            for found in assess_tiers(
                name, appraised.sample(name), tiers, assessment, settings.seed
            )
        ),
        deciles=tuple(
            found
            for name in judged
            for found in assess_deciles(
                name, appraised.sample(name), part.coverage, assessment.calibration_bins
            )
        ),
        comparisons=tuple(found for n in judged for found in _compare(appraised, n, settings)),
        penalty=rivals.linear.penalty if rivals else None,
    )


def amount_learning(appraised: AppraisedAmounts, settings: Settings) -> tuple[LearningPoint, ...]:
    """Hold the model against the same fitted on parts of development, on the test sample."""
    rivals, name = appraised.rivals, SampleName.TEST.value
    if rivals is None or not rivals.parts:
        return ()
    sample = appraised.samples[name]
    others = {part: scored(fitted, sample.values).value for part, fitted in rivals.parts.items()}
    compared = compare_amounts(
        name, (MODEL, sample.value), others, sample.outcome.astype(np.float64),
        settings.assessment, settings.seed, sample.clusters,
    )  # fmt: skip
    return learning_points(rivals.fractions, compared)


def amount_groups(
    appraised: AppraisedAmounts, name: str, settings: Settings
) -> FairnessEvidence:  # fmt: skip
    """Compare the favourable decision between groups; deserving is who earned as much."""
    sample, part = appraised.samples[name], appraised.part
    lowest = next(tier.name for tier in part.tiers if tier.offered)
    return assess_fairness(
        name, sample.favourable, sample.outcome >= part.offered_from_minor,
        protected_groups(appraised.frames[name], appraised.contract, settings.fairness),
        (
            appraised.fitted.manifest.outcome.favourable,
            f"earned at least {part.offered_from_minor:,} minor units, where tier {lowest} begins",
        ),
        settings.assessment, settings.fairness, settings.seed, sample.clusters,
    )  # fmt: skip


def explain_amounts(
    fitted: FittedModel, contract: Contract, values: Matrix, contributions: Floats,
    settings: Settings,
) -> ExplanationEvidence:  # fmt: skip
    """Check that contributions add up to expected amounts, then rank the features by them.

    The tolerance is in standard deviations of the amounts; rounding to whole minor units is no
    miss of the contributions'.

    Raises:
        AdditivityBroken: they do not add up.
    """
    part = fitted.manifest.amount
    assert part
    expected = scored(fitted, values).value
    tolerance = part.in_minor_units(settings.explanation.additivity_tolerance) + 0.5
    limits = settings.explanation.model_copy(update={"additivity_tolerance": tolerance})
    return explain_model(
        fitted.manifest.model, fitted.manifest.features, contract, values, contributions,
        expected, limits,
    )  # fmt: skip


def _compare(
    appraised: AppraisedAmounts, name: str, settings: Settings
) -> tuple[PairedComparison, ...]:
    if appraised.rivals is None or appraised.rivals.record.amount is None:
        return ()
    sample = appraised.samples[name]
    others = appraised.rivals.record.amount.predict(
        appraised.fitted.manifest.features, sample.values, appraised.frames[name]
    )
    return compare_amounts(
        name, (MODEL, sample.value), others, sample.outcome.astype(np.float64),
        settings.assessment, settings.seed, sample.clusters,
    )  # fmt: skip
