"""Harbour Bank: the extracts of its systems, and how each canonical table is made of them.

The bank is synthetic: the package ``harbour`` makes it, and documents what is true of it.
"""

from limner.domain import Bilingual
from limner.portfolios.bank import Bank
from limner.portfolios.harbour.extracts import EXTRACTS

PORTFOLIO = Bank(
    name="harbour",
    title=Bilingual("Harbour Bank, a synthetic bank of many systems", "海港银行（多系统合成银行）"),
    owner="Limner",
    currency="HBD",
    extracts=EXTRACTS,
)
