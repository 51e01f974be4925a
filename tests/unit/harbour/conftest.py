"""One small bank of two blocks, with many faults, and one larger block's truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from harbour import HarbourSettings, generate
from harbour.block import blocks
from harbour.truth import truth_of
from harbour.world import Chances, World, make_world
from limner.engine import Connection, connect
from limner.portfolios.harbour import PORTFOLIO
from mapped_bank import map_bank


@dataclass(frozen=True)
class SmallBank:
    extract: Path
    truth: Path
    settings: HarbourSettings
    connection: Connection

    def known(self, table: str) -> pd.DataFrame:
        return pd.read_parquet(self.truth / f"{table}.parquet")

    def rows(self, query: str) -> pd.DataFrame:
        return self.connection.execute(query).df()


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallBank]:
    folder = tmp_path_factory.mktemp("harbour")
    settings = HarbourSettings(customers=900, block_customers=450, corrupt_share=0.02)
    generate(PORTFOLIO.extracts, folder / "extract", folder / "truth", settings)
    with connect() as connection:
        map_bank(connection, PORTFOLIO, folder / "extract")
        yield SmallBank(folder / "extract", folder / "truth", settings, connection)


@pytest.fixture(scope="session")
def world() -> World:
    settings = HarbourSettings(customers=12_000, block_customers=12_000)
    return make_world(next(blocks(settings)), Chances.of(settings))


@pytest.fixture(scope="session")
def known(world: World) -> dict[str, pd.DataFrame]:
    """The truth about 12,000 customers."""
    return {name: _frame(rows) for name, rows in truth_of(world)}


def _frame(rows: Any) -> pd.DataFrame:
    frame: pd.DataFrame = rows.to_pandas()
    return frame
