"""The numbers of record linkage that a reviewer may question."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from limner.settings import Count, Section, Share


class IdentitySettings(Section):
    """How sure one must be that two records are one person.

    Attributes:
        master_system: its records come first: they name the customer, and their fields win.
        accept: match probability from which a pair is merged.
        review_from: from here up to ``accept`` a person decides; below, records stay apart.
        floor: pairs below this are forgotten.
        block_limit: a telephone or the like that more records share finds no pairs.
        largest_cluster: a merger that would make a customer of more records is reviewed.
        training_pairs: random pairs from which agreement by chance is estimated.
        certain_share: share of all duplicates that agree in the national id, the e-mail or
            name and birth date; it scales their number up to that of all duplicates.
    """

    master_system: str
    accept: Share
    review_from: Share
    floor: Annotated[float, Field(gt=0, lt=1)]
    block_limit: Annotated[int, Field(ge=2)]
    largest_cluster: Annotated[int, Field(ge=2)]
    training_pairs: Count
    certain_share: Share
    seed: int

    @model_validator(mode="after")
    def zones_rise(self) -> Self:
        if not self.floor <= self.review_from <= self.accept:
            raise ValueError("floor, review_from and accept must rise in this order")
        return self
