"""How each portfolio's extracts are had and mapped: one module and one SQL file each."""

from limner.plug_ins import find_module, module_names
from limner.portfolios.portfolio import Portfolio


def portfolio_names() -> tuple[str, ...]:
    """Name every feature mart that has a module here, in alphabetical order; banks are none."""
    others = ("bank", "canonical", "harbour", "portfolio", "source")
    return module_names(__path__, besides=others)


def find_portfolio(name: str) -> Portfolio:
    """Return the definition in ``portfolios/<name>.py``.

    Raises:
        UnknownName: there is no such module.
    """
    found: Portfolio = find_module(__name__, "portfolio", name, portfolio_names()).PORTFOLIO
    return found
