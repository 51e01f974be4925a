"""What a client may send, as JSON Schema built from a champion's own manifest.

The schema is for readers and tools. Faults in a record are found by
:func:`limner.scoring.check_records` alone, from the same admitted columns.
"""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from limner.contract import Column, Sensitivity
from limner.domain import LARGEST_NUMBER
from limner.modelling.fitted import Manifest
from limner.scoring import admitted_columns, must_be_given

MOST_RECORDS = 1_000
"""Records in one request. A longer list is for the batch command."""

MISSING_POLICY = (
    "A fact that may be missing can be left out or null; the model then scores it as not known."
)


class ScoreRequest(BaseModel):
    """Records to score, and whether to explain each score."""

    model_config = ConfigDict(extra="forbid")

    records: list[dict[str, Any]]
    reasons: StrictBool = Field(
        False, description="Whether to explain each score by the features that moved it most."
    )


def request_type(manifest: Manifest) -> type[ScoreRequest]:
    """Build the request of one model."""
    name = camel_case(manifest.model)
    described = PlainValidator(_an_object, json_schema_input_type=_record_type(manifest))
    record = Annotated[dict[str, Any], described]
    records = Field(
        min_length=1,
        max_length=MOST_RECORDS,
        description=f"From 1 to {MOST_RECORDS:,} records; scores come back in their order.",
    )
    return create_model(
        f"{name}Request",
        __base__=ScoreRequest,
        __doc__=f"Records to score with {manifest.model}.",
        records=(Annotated[list[record], records], ...),
    )


def request_example(manifest: Manifest) -> dict[str, Any]:
    """Give a request that works: the manifest's example record, with reasons."""
    return {"records": [dict(manifest.example)], "reasons": True}


def field_schema(column: Column, example: object) -> dict[str, Any]:
    """Describe the values of one fact that ``check_records`` lets pass."""
    kinds: list[dict[str, Any]] = [_value_schema(column)]
    if column.codes:
        kinds.append({"enum": [code for code, _ in column.codes]})
    if not must_be_given(column):
        kinds.append({"type": "null"})
    shape = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    unit = {"x-unit": column.unit} if column.unit else {}
    return shape | unit | {"description": describe(column), "examples": [example]}


def describe(column: Column) -> str:
    """Say in one paragraph what a fact is and what happens when it is missing."""
    sentences = [f"{column.meaning}."]
    if column.unit:
        sentences.append(f"Unit: {column.unit}.")
    sentences += [f"The code {code}: {meaning}." for code, meaning in column.codes]
    if column.sensitivity is Sensitivity.PROTECTED:
        sentences.append("A protected attribute: it never has to be given.")
    sentences.append("Must be given." if must_be_given(column) else MISSING_POLICY)
    return " ".join(sentences)


def camel_case(model: str) -> str:
    """Name a model's schemas.

    >>> camel_case("customer_segments")
    'CustomerSegments'
    """
    return "".join(part.capitalize() for part in model.replace("-", "_").split("_"))


def _an_object(value: object) -> object:
    """Ask of a record here only that it has fields: the rest is ``check_records``'s to say."""
    if not isinstance(value, dict):
        raise PydanticCustomError("dict_type", "must be an object")
    return value


def _record_type(manifest: Manifest) -> type[BaseModel]:
    fields: dict[str, Any] = {
        name: (
            Annotated[Any, WithJsonSchema(field_schema(column, manifest.example.get(name)))],
            ... if must_be_given(column) else None,
        )
        for name, column in admitted_columns(manifest).items()
    }
    return create_model(
        f"{camel_case(manifest.model)}Record",
        __config__=ConfigDict(extra="forbid"),
        __doc__=f"The facts of one customer that {manifest.model} uses. No other field is taken.",
        **fields,
    )


def _value_schema(column: Column) -> dict[str, Any]:
    if column.kind == "category":
        return {"type": "string", "enum": list(column.allowed)}
    if column.low is None or column.high is None:
        return {"type": column.kind, "minimum": -LARGEST_NUMBER, "maximum": LARGEST_NUMBER}
    return {"type": column.kind, "minimum": column.low, "maximum": column.high}
