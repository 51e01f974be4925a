"""The kinds of product that a customer may take next, and how to tell who holds one already."""

from pydantic.dataclasses import dataclass

from limner.domain import Bilingual
from limner.outcomes.dated import DatedOutcome
from limner.outcomes.dated_definitions import PRODUCTS_TAKEN


@dataclass(frozen=True)
class Product:
    """One kind of product.

    Attributes:
        held_by: the feature that counts how many a customer holds: above 0, they hold one
            already, and are not asked about another. None where no feature tells.
    """

    kind: str
    words: Bilingual
    taken: DatedOutcome
    held_by: str | None

    @property
    def column(self) -> str:
        """Name of the column of a sample that says who took one."""
        return self.taken.column


def _product(kind: str, words: Bilingual, held_by: str | None) -> Product:
    taken = next(outcome for outcome in PRODUCTS_TAKEN if outcome.name == f"product_taken_{kind}")
    return Product(kind, words, taken, held_by)


PRODUCTS = (
    _product("card", Bilingual("credit card", "信用卡"), "credit_cards_open"),
    _product("current", Bilingual("current account", "活期账户"), None),
    _product("insurance", Bilingual("insurance", "保险"), "insurance_accounts_open"),
    _product("investment", Bilingual("investment account", "投资账户"), "investment_accounts_open"),
    _product("loan", Bilingual("loan", "贷款"), "loans_running"),
    _product("mortgage", Bilingual("mortgage", "住房按揭贷款"), "mortgage_accounts_open"),
    _product("savings", Bilingual("savings account", "储蓄账户"), "savings_accounts_open"),
    _product("term_deposit", Bilingual("term deposit", "定期存款"), "term_deposit_accounts_open"),
)
