"""Findings on a model of several products."""

from collections.abc import Iterator

from limner.assessment.evidence import ModelEvidence
from limner.governance.finding import Finding


def choice_findings(evidence: ModelEvidence) -> list[Finding]:
    """List what a reviewer must know of the products and of what is recommended."""
    return [*_recommendations(evidence), *_products(evidence), *_baselines(evidence)]


def _recommendations(evidence: ModelEvidence) -> Iterator[Finding]:
    for found in evidence.choice.recommendations if evidence.choice else ():
        gain = found.gains["hit_1_over_popular"]
        if gain.low <= 0:
            yield Finding(
                id=f"recommended/{found.sample}",
                severity="medium",
                statement="The recommended product is not taken more often than the most popular"
                f" one, beyond the interval, on the {found.sample.replace('_', ' ')} sample"
                f" ({found.takers:,} takers): the share differs by {gain.value:.3f}"
                f" ({gain.low:.3f} to {gain.high:.3f})",
            )


def _products(evidence: ModelEvidence) -> Iterator[Finding]:
    """Name the products whose takers are ranked no better than by chance, one finding a sample."""
    products = evidence.choice.products if evidence.choice else ()
    for sample in evidence.samples:
        unranked = [
            f"{product.words.en} (AUC {auc.value:.3f}, {auc.low:.3f} to {auc.high:.3f})"
            for product in products
            if product.sample == sample
            and (auc := product.found.figures.get("auc"))
            and auc.low <= 0.5
        ]
        if unranked:
            yield Finding(
                id=f"product_ranking/{sample}",
                severity="high",
                statement="Takers are ranked no better than by chance, beyond the interval, on the"
                f" {sample.replace('_', ' ')} sample: {', '.join(unranked)}",
            )


def _baselines(evidence: ModelEvidence) -> Iterator[Finding]:
    """Name the products of which a plain scorecard is as good, one finding a sample."""
    products = evidence.choice.products if evidence.choice else ()
    for sample in evidence.samples:
        beside = [(p, p.beside_baseline) for p in products
                  if p.sample == sample and p.beside_baseline]  # fmt: skip
        unbeaten = [
            f"{product.words.en} (AUC differs by {auc.value:.3f}, {auc.low:.3f} to {auc.high:.3f})"
            for product, found in beside
            if not (found.first_ranks_better and found.first_predicts_better)
            and (auc := found.differences["auc"])
        ]
        if unbeaten:
            yield Finding(
                id=f"baseline/{sample}",
                severity="medium",
                statement=f"Of {len(unbeaten)} of {len(beside)} products the model does not beat a"
                " plain scorecard by more than the interval, in ranking and log loss, on the"
                f" {sample.replace('_', ' ')} sample: {', '.join(unbeaten)}",
            )
