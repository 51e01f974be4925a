"""A portfolio is found by its file's name."""

import pytest

from limner.errors import UnknownName
from limner.portfolios import find_portfolio, portfolio_names


def test_finds_every_portfolio_under_its_own_name() -> None:
    assert set(portfolio_names()) >= {"bank_marketing", "give_me_credit"}
    for name in portfolio_names():
        assert find_portfolio(name).name == name


@pytest.mark.parametrize("name", ["source", "portfolio", "../settings", ""])
def test_refuses_a_name_that_is_no_portfolio(name: str) -> None:
    with pytest.raises(UnknownName, match=r"known: .*bank_marketing, .*give_me_credit"):
        find_portfolio(name)
