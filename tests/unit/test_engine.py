"""Files written side by side are the same, a fault in one stops the others, memory is bounded."""

from pathlib import Path

import pytest

from limner.artifacts import sha256_of
from limner.engine import (
    UnreadableTable,
    columns_of,
    connect,
    side_by_side,
    write_parquet_files,
)

SORTED = "SELECT i, hash(i) AS h, repeat('x', 40) || hash(i) AS text FROM numbers ORDER BY h"


def _written(folder: Path, number: int) -> str:
    folder.mkdir()
    with connect() as connection, side_by_side(connection, number) as connections:
        connection.execute("CREATE TABLE numbers AS SELECT i FROM range(150000) r(i)")
        queries = {folder / f"{n}.parquet": f"FROM ({SORTED}) WHERE i % 5 = {n}" for n in range(5)}
        write_parquet_files(connections, queries)
    return sha256_of(folder)


def test_files_are_the_same_bytes_however_many_are_written_at_once(tmp_path: Path) -> None:
    assert len({_written(tmp_path / str(number), number) for number in (1, 2, 3)}) == 1


def test_a_fault_in_one_file_is_raised_and_no_further_file_is_begun(tmp_path: Path) -> None:
    queries = {tmp_path / f"{n}.parquet": "SELECT error('broken') AS x" if n == 0 else "SELECT 1"
               for n in range(40)}  # fmt: skip
    with (
        connect() as connection,
        side_by_side(connection, 1) as connections,
        pytest.raises(UnreadableTable, match="broken"),
    ):
        write_parquet_files(connections, queries)
    assert not (tmp_path / "39.parquet").exists()


def test_connections_side_by_side_share_one_memory_limit_and_spill_beyond_it(
    tmp_path: Path,
) -> None:
    spill = tmp_path / "spill"
    with connect(1, "64MB", spill) as connection, side_by_side(connection, 2) as connections:
        for each in connections:
            limit = each.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
            assert limit == "61.0 MiB"
        connections[1].execute(f"CREATE TABLE sorted AS SELECT r.* FROM ({_LARGE}) r ORDER BY h")
        assert any(spill.iterdir())
    assert not spill.exists() or not any(spill.iterdir())


_LARGE = "SELECT i, hash(i) AS h, repeat('x', 40) || hash(i) AS text FROM range(3000000) n(i)"


def test_columns_renamed_in_case_only_have_their_new_names() -> None:
    with connect() as connection:
        connection.execute('CREATE TABLE extract AS SELECT 1 AS "ID", 2.5 AS "LIMIT_BAL"')
        query = 'SELECT "ID" AS customer_id, "LIMIT_BAL" AS limit_bal FROM extract'
        assert columns_of(connection, query) == {
            "customer_id": "INTEGER",
            "limit_bal": "DECIMAL(2,1)",
        }
