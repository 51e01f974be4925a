"""How each portfolio's extracts are had and mapped: one module and one SQL file each."""

from importlib import import_module
from pkgutil import iter_modules

from limner.errors import UnknownName
from limner.portfolios.portfolio import Portfolio

_NOT_PORTFOLIOS = {"portfolio", "source"}


def portfolio_names() -> tuple[str, ...]:
    """Name every portfolio that has a module here, in alphabetical order."""
    names = (module.name for module in iter_modules(__path__))
    return tuple(sorted(set(names) - _NOT_PORTFOLIOS))


def find_portfolio(name: str) -> Portfolio:
    """Return the definition in ``portfolios/<name>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    if name not in portfolio_names():
        raise UnknownName("portfolio", name, portfolio_names())
    portfolio: Portfolio = import_module(f"{__name__}.{name}").PORTFOLIO
    return portfolio
