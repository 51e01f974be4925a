"""What each feature is, in one catalogue a portfolio, and how facts become its values."""

from limner.features.catalogue import Catalogue
from limner.plug_ins import find_module, module_names
from limner.portfolios import bank_names

_NO_PORTFOLIO = (
    "application",
    "bank_features",
    "catalogue",
    "encoding",
    "relational",
    "values",
    "worded",
)


def find_catalogue(portfolio: str) -> Catalogue:
    """Return the features of a portfolio: of a mart from ``features/<portfolio>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    if portfolio in bank_names():
        from limner.features.bank_features import bank_catalogue

        return bank_catalogue(portfolio)
    known = (*module_names(__path__, besides=_NO_PORTFOLIO), *bank_names())
    found: Catalogue = find_module(__name__, "feature catalogue", portfolio, known).CATALOGUE
    return found
