"""Outcomes, each stated once."""

from typing import Literal

from pydantic.dataclasses import dataclass

from limner.domain import Bilingual


@dataclass(frozen=True)
class Outcome:
    """An event that a model predicts, 1 where it happened.

    ``favourable`` says which decision the customer gains by; it is taken where the
    score is ``favourable_side`` of the threshold. ``deserved`` is the value of the
    outcome with which a customer should have had the favourable decision.
    """

    name: str
    column: str
    meaning: str
    favourable: Bilingual
    favourable_side: Literal["above", "below"]

    @property
    def deserved(self) -> int:
        """Outcome of customers for whom the favourable decision turns out right."""
        return 1 if self.favourable_side == "above" else 0


OUTCOMES = (
    Outcome(
        "term_deposit_opened", "subscribed", "Opened a term deposit in this campaign",
        Bilingual("being offered the term deposit", "获得定期存款推荐"), "above",
    ),
    Outcome(
        "serious_delinquency", "seriously_delinquent",
        "90 days past due or worse within two years",
        Bilingual("credit approved", "信贷获批"), "below",
    ),
    Outcome(
        "card_default", "defaulted",
        "More than 60 days late on a payment within 11 months of the first bill",
        Bilingual("card granted", "发卡获批"), "below",
    ),
    Outcome(
        "card_fraud", "fraudulent", "The transaction turned out to be fraudulent",
        Bilingual("transaction approved without a check", "交易免核查放行"), "below",
    ),
)  # fmt: skip
