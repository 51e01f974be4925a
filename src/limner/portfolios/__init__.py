"""How each portfolio's extracts are had and mapped to what its contracts promise.

A *feature mart* is a module and one SQL file; a *bank* of many systems a package with one SQL
file a canonical table.
"""

from limner.plug_ins import find_module, module_names, package_names
from limner.portfolios.bank import Bank
from limner.portfolios.portfolio import Portfolio

_NO_PORTFOLIO = (
    "bank",
    "bank_source",
    "left_out",
    "placeholders",
    "portfolio",
    "source",
    "words",
)


def portfolio_names() -> tuple[str, ...]:
    """Name every feature mart that has a module here, in alphabetical order."""
    return module_names(__path__, (*_NO_PORTFOLIO, *package_names(__path__)))


def bank_names() -> tuple[str, ...]:
    """Name every bank that has a package here, in alphabetical order."""
    return tuple(name for name in package_names(__path__) if name != "canonical")


def find_portfolio(name: str) -> Portfolio:
    """Return the definition in ``portfolios/<name>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    found: Portfolio = find_module(__name__, "portfolio", name, portfolio_names()).PORTFOLIO
    return found


def find_bank(name: str) -> Bank:
    """Return the definition in ``portfolios/<name>/__init__.py``.

    Raises:
        UnknownName: there is no such package.
    """
    found: Bank = find_module(__name__, "bank", name, bank_names()).PORTFOLIO
    return found
