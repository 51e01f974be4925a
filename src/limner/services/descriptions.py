"""What a served model is, and what it is not for, as a client reads it."""

from typing import Any, Literal

from pydantic import Field

from limner.contract import Column, Sensitivity
from limner.domain import Bilingual, ScoreBand
from limner.modelling.fitted import ProbabilityPart
from limner.scoring import admitted_columns, must_be_given
from limner.services.answers import Answer
from limner.services.champions import Champion
from limner.services.problems import Problem
from limner.services.schemas import MISSING_POLICY
from limner.settings.model import Family


class CodeDescription(Answer):
    """A number that is a code, not a quantity."""

    code: int
    meaning: str


class FieldDescription(Answer):
    """One fact that a record may carry."""

    name: str
    kind: Literal["integer", "number", "category", "date"]
    meaning: str
    unit: str = Field(description="Empty where the values have none.")
    required: bool = Field(description="Whether a record must carry it; if not, null is taken.")
    protected: bool = Field(description="A protected attribute; it is never required.")
    minimum: float | None
    maximum: float | None
    categories: list[str] = Field(description="The values there are; empty for numbers.")
    codes: list[CodeDescription] = Field(description="Numbers outside the range with a meaning.")
    example: str | int | float | None


class SegmentDescription(Answer):
    """A segment that customers may belong to."""

    number: int
    name: Bilingual
    offered: bool = Field(description="Whether its customers get the favourable decision.")


class PointsDescription(Answer):
    """The scale of points; the more points, the less risk."""

    base_points: float = Field(description="Points at `base_odds`.")
    base_odds: float = Field(description="Good customers to one for whom the outcome happens.")
    points_to_double: float = Field(description="More points that double the odds.")


class TierDescription(Answer):
    """A tier of the expected amount."""

    name: str
    from_minor: int | None = Field(
        description="Lower end in minor units, itself within; null for the lowest tier."
    )
    offered: bool = Field(description="Whether its customers get the favourable decision.")


class ProductDescription(Answer):
    """A product that customers who lack it are asked about."""

    product: str
    name: Bilingual
    held_by: str = Field(description="The field that says how many a customer holds.")
    value: float = Field(
        description="What one is worth beside the others: the highest probability times value is"
        " recommended."
    )


class ModelDescription(Answer):
    """A champion."""

    name: str
    title: Bilingual
    kind: Family
    purpose: str = Field(description="The purpose that the personal data may be used for.")
    use: str
    not_for: str
    version: int = Field(description="The champion's version in the registry.")
    digest: str = Field(description="SHA-256 over the fitted model's files.")
    outcome: str = Field(description="The event that is predicted, or that describes a segment.")
    favourable_outcome: Bilingual = Field(description="What a customer gains by.")
    bands: list[ScoreBand] = Field(
        description="Upper ends of the bands' probabilities; empty for other kinds."
    )
    points: PointsDescription | None = Field(
        description="Scale of the points beside each probability; null where there are none."
    )
    segments: list[SegmentDescription] = Field(description="Empty for other kinds.")
    products: list[ProductDescription] = Field(description="Empty for other kinds.")
    tiers: list[TierDescription] = Field(
        description="Of a model of amounts, the lowest first; empty for other kinds."
    )
    coverage: float | None = Field(
        description="Share of amounts that lie within their interval; null for other kinds."
    )
    missing_values: str = Field(description="What a missing fact does.")
    fields: list[FieldDescription]
    scores: str = Field(description="Where to post records.")


class UnavailableModel(Answer):
    """A champion that cannot be served, and the problem that its routes answer with."""

    name: str
    problem: Problem


class ModelList(Answer):
    """Every model that is served."""

    models: list[ModelDescription]
    left_out: list[str] = Field(
        description="Names of models that are defined and not served: their data is not here."
    )
    unavailable: list[UnavailableModel] = Field(
        description="Models that have a champion which cannot be served; the others are."
    )


def describe_model(champion: Champion) -> ModelDescription:
    """Describe a champion from its manifest."""
    manifest = champion.fitted.manifest
    segments = manifest.segmentation.segments if manifest.segmentation else ()
    return ModelDescription(
        name=manifest.model,
        title=manifest.title,
        kind=manifest.family,
        purpose=manifest.purpose,
        use=manifest.use,
        not_for=manifest.not_for,
        version=champion.version,
        digest=champion.digest,
        outcome=manifest.outcome.meaning,
        favourable_outcome=manifest.outcome.favourable,
        bands=list(manifest.probability.bands) if manifest.probability else [],
        points=_describe_points(manifest.probability),
        segments=[
            SegmentDescription(number=s.number, name=s.name, offered=s.offered) for s in segments
        ],
        tiers=[
            TierDescription(name=t.name, from_minor=t.from_minor, offered=t.offered)
            for t in (manifest.amount.tiers if manifest.amount else ())
        ],
        coverage=manifest.amount.coverage if manifest.amount else None,
        products=[
            ProductDescription(product=p.kind, name=p.words, held_by=p.held_by, value=p.value)
            for p in (manifest.choice.products if manifest.choice else ())
        ],
        missing_values=MISSING_POLICY,
        fields=[
            _describe_field(column, manifest.example.get(name))
            for name, column in admitted_columns(manifest).items()
        ],
        scores=f"/v1/models/{manifest.model}/scores",
    )


def _describe_points(part: ProbabilityPart | None) -> PointsDescription | None:
    if part is None or part.scale is None:
        return None
    scale = part.scale
    return PointsDescription(
        base_points=scale.base_points,
        base_odds=scale.base_odds,
        points_to_double=scale.points_to_double,
    )


def _describe_field(column: Column, example: Any) -> FieldDescription:
    return FieldDescription(
        name=column.name,
        kind=column.kind,
        meaning=column.meaning,
        unit=column.unit,
        required=must_be_given(column),
        protected=column.sensitivity is Sensitivity.PROTECTED,
        minimum=column.low,
        maximum=column.high,
        categories=list(column.allowed),
        codes=[CodeDescription(code=code, meaning=meaning) for code, meaning in column.codes],
        example=example,
    )
