"""What each feature is, in one catalogue a portfolio, and how facts become its values."""

from importlib import import_module

from limner.errors import UnknownName
from limner.features.catalogue import Catalogue
from limner.portfolios import portfolio_names


def find_catalogue(portfolio: str) -> Catalogue:
    """Return the features of a portfolio, from ``features/<portfolio>.py``.

    Raises:
        UnknownName: there is no such portfolio.
    """
    if portfolio not in portfolio_names():
        raise UnknownName("portfolio", portfolio, portfolio_names())
    catalogue: Catalogue = import_module(f"{__name__}.{portfolio}").CATALOGUE
    return catalogue
