"""A model of amounts: its interval, its tiers, and the rates by which a bank earns."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from limner.settings.section import Section, Share

Rate = Annotated[float, Field(ge=0, le=1)]


class MarginRates(Section):
    """How a bank earns with a customer, for the outcome ``customer_margin``.

    Attributes:
        deposit_spread, savings_spread, lending_spread: a year, over the cost of funds.
        overdraft_share: of the interest charged on overdrafts.
        interchange: of what is paid by card.
        monthly_cost_minor: of a customer with an account, in minor units.
    """

    deposit_spread: Rate
    savings_spread: Rate
    lending_spread: Rate
    overdraft_share: Rate
    interchange: Rate
    monthly_cost_minor: Annotated[int, Field(ge=0)]


class TierSettings(Section):
    """A tier of the expected amount, above those of the tier before.

    Attributes:
        up_to: share of validation's customers whose expected amount is below its upper end.
    """

    name: Annotated[str, Field(min_length=1, max_length=40)]
    up_to: Annotated[float, Field(gt=0, le=1)]


class AmountSettings(Section):
    """What is made of the trees of a model of amounts.

    Attributes:
        objective: what the trees of the expected amount make small.
        coverage: share of customers whose amount is to lie within their interval.
        tiers: from the lowest expected amounts to the highest.
        offered_from: the lowest tier that gets the favourable decision.
        linear_penalties: of the ridge regression beside the model; validation takes one.
        gives: other names by which its answer is asked for.
    """

    objective: Literal["squared_error", "pseudo_huber"]
    coverage: Share
    tiers: Annotated[tuple[TierSettings, ...], Field(min_length=2)]
    offered_from: str
    linear_penalties: Annotated[
        tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)
    ]  # fmt: skip
    gives: tuple[str, ...] = ()

    @model_validator(mode="after")
    def tiers_rise_to_everybody(self) -> Self:
        ends, names = [tier.up_to for tier in self.tiers], [tier.name for tier in self.tiers]
        if ends != sorted(set(ends)) or ends[-1] != 1:
            raise ValueError("tiers: upper ends must rise and the last be 1")
        if len(set(names)) < len(names):
            raise ValueError("tiers: two have the same name")
        if self.offered_from not in names:
            raise ValueError(f"offered_from: no tier '{self.offered_from}'; known: {names}")
        return self
