"""What a client gets back: :mod:`limner.scoring`'s scores, word for word and bit for bit."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from limner.domain import Bilingual
from limner.modelling.fitted import Manifest
from limner.scoring import AmountScore, ChoiceScore, ProductChance, Reason, Score, SegmentScore
from limner.services.champions import Champion
from limner.services.schemas import camel_case


class Answer(BaseModel):
    """Part of an answer."""

    model_config = ConfigDict(extra="forbid")


class ReasonAnswer(Answer):
    """One feature that moved a score."""

    feature: str = Field(description="The feature's name in the model.")
    contribution: float = Field(
        description="Its share of the score in log-odds (path-dependent TreeSHAP)."
    )
    direction: Literal["raises", "lowers"] = Field(
        description="Whether it moves the probability, or the belonging to the segment, up or down."
    )
    text: Bilingual = Field(description="The reason as a customer or reviewer reads it.")


Favourable = Annotated[
    bool,
    Field(
        description="Whether the decision that the customer gains by follows from the score;"
        " `favourable_outcome` says in words which one."
    ),
]
Reasons = Annotated[
    list[ReasonAnswer],
    Field(description="What moved the score most, strongest first; empty unless asked for."),
]


class ProbabilityAnswer(Answer):
    """A calibrated probability and its band."""

    probability: float = Field(ge=0, le=1, description="Calibrated probability of the outcome.")
    band: str = Field(description="The score band that the probability falls into.")
    favourable: Favourable
    reasons: Reasons


class PointsAnswer(ProbabilityAnswer):
    """A calibrated probability, its band, and the same in points."""

    points: int = Field(
        description="The probability on the model's scale of points, rounded to whole points: the"
        " more, the less risk."
    )


class SegmentAnswer(Answer):
    """The segment that a customer belongs to."""

    segment: int = Field(description="The segment's number; 1 is the largest.")
    name: Bilingual = Field(description="What sets the segment apart.")
    confidence: float = Field(ge=0, le=1, description="The model's share for this segment.")
    favourable: Favourable
    reasons: Reasons


class AmountReasonAnswer(ReasonAnswer):
    """One feature that moved an expected amount."""

    contribution: float = Field(
        description="Its share of the expected amount in minor units (path-dependent TreeSHAP)."
    )
    direction: Literal["raises", "lowers"] = Field(
        description="Whether it moves the expected amount up or down."
    )


class AmountAnswer(Answer):
    """What a customer is expected to earn the bank, in minor units of its currency."""

    expected_minor: int = Field(description="Calibrated expected amount, in minor units.")
    low_minor: int = Field(
        description="Lower end of the interval that holds the amount as often as it promises."
    )
    high_minor: int = Field(description="Upper end of the interval.")
    tier: str = Field(description="The tier that the expected amount falls into.")
    favourable: Favourable
    reasons: list[AmountReasonAnswer] = Field(
        description="What moved the amount most, strongest first; empty unless asked for."
    )


class ProductAnswer(Answer):
    """One product's probability."""

    product: str = Field(description="The kind of product.")
    name: Bilingual = Field(description="The product in words.")
    held: bool = Field(description="Whether the customer holds one already; nothing is asked then.")
    probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Calibrated probability that the customer takes one; null where it is held."
    )


class ChoiceAnswer(Answer):
    """A probability a product, and the one that is recommended."""

    recommended: str | None = Field(
        description="The product of the highest expected value among those that the customer lacks;"
        " null where all are held."
    )
    probability: Annotated[float, Field(ge=0, le=1)] | None = Field(
        description="Calibrated probability that the recommended product is taken."
    )
    products: list[ProductAnswer]
    favourable: Favourable
    reasons: Reasons


class Scores(Answer):
    """Scores in the order of the records, and the version that made them."""

    model: str = Field(description="The model's name.")
    version: int = Field(description="The champion's version in the registry.")
    digest: str = Field(description="SHA-256 over the fitted model's files.")
    favourable_outcome: Bilingual = Field(description="What `favourable` stands for.")
    scores: list[Any]


def answer_type(manifest: Manifest) -> type[Scores]:
    """Build the answer of one model; it names the bands, segments, products or tiers there are."""
    one = _score_type(manifest)
    return create_model(
        f"{camel_case(manifest.model)}Scores",
        __base__=Scores,
        __doc__=f"Scores of {manifest.model} in the order of the records.",
        scores=(list[one], ...),  # type: ignore[valid-type]  # the class is made at run time
    )


def answer(champion: Champion, scores: Sequence[Score]) -> dict[str, Any]:
    """Translate the scores of one request."""
    manifest = champion.fitted.manifest
    return {
        "model": manifest.model,
        "version": champion.version,
        "digest": champion.digest,
        "favourable_outcome": _text(manifest.outcome.favourable),
        "scores": [_score(score) for score in scores],
    }


def _score_type(manifest: Manifest) -> type[Answer]:
    name = f"{camel_case(manifest.model)}Score"
    if manifest.segmentation:
        numbers: list[Any] = [segment.number for segment in manifest.segmentation.segments]
        return create_model(
            name, __base__=SegmentAnswer, segment=_one_of(SegmentAnswer, "segment", numbers)
        )
    if manifest.amount:
        tiers: list[Any] = [tier.name for tier in manifest.amount.tiers]
        return create_model(name, __base__=AmountAnswer, tier=_one_of(AmountAnswer, "tier", tiers))
    if manifest.choice:
        return _choice_type(name, [product.kind for product in manifest.choice.products])
    assert manifest.probability is not None, "a model is of one family"
    bands: list[Any] = [band.name for band in manifest.probability.bands]
    base = PointsAnswer if manifest.probability.scale else ProbabilityAnswer
    return create_model(name, __base__=base, band=_one_of(base, "band", bands))


def _choice_type(name: str, kinds: list[Any]) -> type[Answer]:
    one = create_model(
        name.removesuffix("Score") + "Product", __base__=ProductAnswer,
        product=_one_of(ProductAnswer, "product", kinds),
    )  # fmt: skip
    return create_model(
        name, __base__=ChoiceAnswer,
        recommended=_one_of(ChoiceAnswer, "recommended", [*kinds, None]),
        products=(
            list[one],
            Field(description="Every product there is, always in the same order."),
        ),
    )  # fmt: skip


def _one_of(parent: type[Answer], name: str, values: list[Any]) -> Any:
    field = parent.model_fields[name]
    return field.annotation, Field(
        description=field.description, json_schema_extra={"enum": values}
    )


def _score(score: Score) -> dict[str, Any]:
    shared = {"favourable": score.favourable, "reasons": [_reason(r) for r in score.reasons]}
    if isinstance(score, SegmentScore):
        return {
            "segment": score.segment.number,
            "name": _text(score.segment.name),
            "confidence": score.confidence,
        } | shared
    if isinstance(score, AmountScore):
        return {
            "expected_minor": score.expected_minor,
            "low_minor": score.low_minor,
            "high_minor": score.high_minor,
            "tier": score.tier,
        } | shared
    if isinstance(score, ChoiceScore):
        return {
            "recommended": score.recommended.kind if score.recommended else None,
            "probability": score.probability,
            "products": [_product(chance) for chance in score.products],
        } | shared
    points = {} if score.points is None else {"points": score.points}
    return {"probability": score.probability, "band": score.band} | points | shared


def _product(chance: ProductChance) -> dict[str, Any]:
    return {
        "product": chance.product.kind,
        "name": _text(chance.product.words),
        "held": chance.probability is None,
        "probability": chance.probability,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "feature": reason.feature,
        "contribution": reason.contribution,
        "direction": "raises" if reason.contribution > 0 else "lowers",
        "text": _text(reason.text),
    }


def _text(text: Bilingual) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
