"""A contract's names are words, each once: no query can take one for another column."""

import pytest

from limner.contract import Column, Contract
from limner.errors import ContractUnfit


def contract_of(*names: str) -> Contract:
    columns = tuple(Column(name, "integer", "A number") for name in names)
    return Contract("loans", "Nobody", "A test", columns)


@pytest.mark.parametrize("name", ["income", "Income2", "_x", "收入", "select", "number", "rule"])
def test_any_word_names_a_column(name: str) -> None:
    assert contract_of(name, "other").names == (name, "other")


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (("raw income",), "not one word"), (("",), "not one word"), (("a-b",), "not one word"),
        (("rowid",), "has a column of this name"),
        (("Broken_Rules",), "has a column of this name"),
        (("file_row_number",), "has a column of this name"),
        (("T", "t"), "T differs from it in case at most"), (("t", "t"), "in case at most"),
    ],
)  # fmt: skip
def test_refuses_a_name_that_could_be_taken_for_another(
    names: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(ContractUnfit, match=reason) as refused:
        contract_of(*names)
    assert refused.value.column == names[-1]
