"""The made-up extracts are what the intake expects, and come back as the made-up rows."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from limner.intake.quarantine import take_in
from limner.portfolios import find_portfolio
from synthetic import (
    bank_marketing_rows,
    give_me_credit_rows,
    write_bank_marketing_extract,
    write_give_me_credit_extract,
)


@pytest.mark.parametrize(
    ("portfolio", "rows", "write"),
    [
        ("bank_marketing", bank_marketing_rows, write_bank_marketing_extract),
        ("give_me_credit", give_me_credit_rows, write_give_me_credit_extract),
    ],
)
def test_an_extract_comes_back_through_the_intake_as_its_rows(
    portfolio: str,
    rows: Callable[[int, int], pd.DataFrame],
    write: Callable[[Path, int, int], None],
    tmp_path: Path,
) -> None:
    write(tmp_path / "extract", 150, 5)

    trusted = tmp_path / "trusted.parquet"
    report = take_in(
        find_portfolio(portfolio), tmp_path / "extract", trusted, tmp_path / "quarantine", limit=0
    )

    assert report.rows_trusted == 150
    made = rows(150, 5)
    assert_frame_equal(pd.read_parquet(trusted)[list(made)], made, check_exact=True)


def test_a_seed_decides_every_byte(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("first", "again", "other")]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        write_bank_marketing_extract(path, 100, seed)
    first, again, other = (path.read_bytes() for path in paths)
    assert first == again != other
