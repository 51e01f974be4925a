"""Berka's files, made up and small, and any folder of them mapped and held to its contracts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from limner.contract import Column, Contract, Reference
from limner.engine import Connection, connect, identifier, literal
from limner.portfolios.berka import PORTFOLIO
from limner.portfolios.canonical import canonical_table

TRANS_HEADER = (
    '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";'
    '"account"'
)
# The shape of the originals: quoted texts, codes in Czech, line ends of Windows.
FILES: Mapping[str, tuple[str, ...]] = {
    "account.asc": (
        '"account_id";"district_id";"frequency";"date"',
        '1;18;"POPLATEK MESICNE";950324',
        '2;1;"POPLATEK TYDNE";930226',
        '3;1;"POPLATEK PO OBRATU";970707',
    ),
    "card.asc": (
        '"card_id";"disp_id";"type";"issued"',
        '7;1;"gold";981016 00:00:00',
        '8;2;"junior";960502 00:00:00',
    ),
    "client.asc": (
        '"client_id";"birth_number";"district_id"',
        '1;"706213";18',
        '2;"450204";1',
        '3;"406009";1',
    ),
    "disp.asc": (
        '"disp_id";"client_id";"account_id";"type"',
        '1;1;1;"OWNER"',
        '2;2;2;"OWNER"',
        '3;3;2;"DISPONENT"',
        '4;2;3;"OWNER"',
    ),
    "district.asc": (
        "A1;A2;A3;A4;A5;A6;A7;A8;A9;A10;A11;A12;A13;A14;A15;A16",
        '1;"Hl.m. Praha";"Prague";1204953;0;0;0;1;1;100.0;12541;0.29;0.43;167;85677;99107',
        '18;"Pisek";"south Bohemia";70699;60;13;2;1;4;65.3;8968;2.83;3.35;131;1740;1910',
        '69;"Jesenik";"north Moravia";42821;4;13;5;1;3;48.4;8173;?;7.01;124;?;1358',
    ),
    "loan.asc": (
        '"loan_id";"account_id";"date";"amount";"duration";"payments";"status"',
        '4959;2;940105;80952;24;3373.00;"A"',
        '4960;3;971212;36000;12;3000.00;"D"',
    ),
    "trans.asc": (
        TRANS_HEADER,
        '1;1;950324;"PRIJEM";"VKLAD";1000.00;1000.00;"";;',
        '5;1;950413;"PRIJEM";"PREVOD Z UCTU";3679.00;4679.00;"";"AB";41403269',
        '276;2;930226;"PRIJEM";"VKLAD";1100.00;1100.00;"";;',
        '300;2;940112;"VYDAJ";"PREVOD NA UCET";3372.70;14000.10;"UVER";"ST";89597016',
        '301;2;940212;"VYDAJ";"PREVOD NA UCET";3372.70;10627.40;"UVER";"ST";89597016',
        '302;2;940131;"PRIJEM";"";0.20;0.20;"UROK";;',
        '303;2;940131;"VYDAJ";"VYBER";14.60;-12.50;"SANKC. UROK";;',
        '304;2;940131;"VYDAJ";"VYBER";30.00;100.00;"SLUZBY";;',
        '305;2;940201;"VYDAJ";"VYBER KARTOU";400.00;900.00;"";;0',
        '306;2;940202;"VYBER";"VYBER";10700.00;5.00;" ";;0',
        '307;2;940203;"VYDAJ";"PREVOD NA UCET";7266.00;5.00;"SIPO";"QR";13943797',
        '308;2;940204;"VYDAJ";"PREVOD NA UCET";1.00;5.00;"POJISTNE";"QR";87464',
        '309;2;940205;"PRIJEM";"PREVOD Z UCTU";5512.00;5.00;"DUCHOD";"QR";87464',
        '310;2;940206;"VYDAJ";"PREVOD NA UCET";98.00;5.00;" ";"YZ";87144583',
    ),
}


def write_files(folder: Path, changes: Mapping[str, tuple[str, ...]] | None = None) -> Path:
    """Write the made-up files; a change to no rows at all leaves its file out."""
    folder.mkdir(exist_ok=True)
    for name, lines in {**FILES, **(changes or {})}.items():
        if lines:
            (folder / name).write_bytes("".join(f"{line}\r\n" for line in lines).encode())
    return folder


def with_rows(name: str, *rows: str) -> dict[str, tuple[str, ...]]:
    """Add rows to one of the made-up files."""
    return {name: (*FILES[name], *rows)}


@contextmanager
def opened(folder: Path) -> Iterator[Connection]:
    """Open a folder's extracts, every column as text, under their names."""
    with connect() as connection:
        for extract in PORTFOLIO.extracts:
            parts = sorted(folder.glob(extract.location))
            selects = [
                f"SELECT {', '.join(map(identifier, extract.columns))} FROM read_csv("
                f"{literal(str(part))}, all_varchar=true, header=true, quote='\"', escape='\"',"
                f" delim={literal(extract.separator)}, encoding={literal(extract.encoding)})"
                for part in parts
            ]
            connection.execute(
                f"CREATE VIEW {identifier(extract.name)} AS {' UNION ALL '.join(selects)}"
            )
        yield connection


def mapped(connection: Connection, table: str) -> pd.DataFrame:
    """Run one mapping; every value as text or None."""
    frame = connection.execute(PORTFOLIO.mappings[table]).df()
    return frame.astype(object).where(frame.notna(), None)


def map_all(folder: Path) -> dict[str, pd.DataFrame]:
    """Run every mapping over a folder's files."""
    with opened(folder) as connection:
        return {table: mapped(connection, table) for table in PORTFOLIO.mappings}


def breaches(tables: Mapping[str, pd.DataFrame]) -> set[str]:
    """Name each promise of the contracts that some row breaks: slowly, one value at a time."""
    keys = {
        Reference(name, column): set(frame[column])
        for name, frame in tables.items()
        for column in frame.columns
    }
    found: set[str] = set()
    for name, frame in tables.items():
        contract = canonical_table(name)
        assert tuple(frame.columns) == contract.names, name
        for column in contract.columns:
            for value in set(frame[column.name]):
                found |= {f"{name}.{column.name}: {b}" for b in _value_breaches(column, value)}
            if column.references:
                known = keys.get(column.references, set()) | {None}
                if set(frame[column.name]) - known:
                    found.add(f"{name}.{column.name}: unknown reference")
        found |= {f"{name}: {breach}" for breach in _row_breaches(contract, frame)}
    return found


def _value_breaches(column: Column, value: str | None) -> Iterator[str]:
    if value is None:
        if column.required:
            yield "not known"
        return
    assert isinstance(value, str), f"{column.name} is no text"
    typed = _typed(column, value)
    if typed is None:
        yield f"no {column.kind}"
    elif column.low is not None and column.high is not None:
        if not column.low <= float(typed) <= column.high:
            yield "out of range"
    elif column.allowed and value not in column.allowed:
        yield "not allowed"


def _typed(column: Column, value: str) -> object:
    readers = {
        "integer": int,
        "number": float,
        "date": lambda text: pd.to_datetime(text, format="%Y-%m-%d"),
        "timestamp": lambda text: pd.to_datetime(text, format="%Y-%m-%d %H:%M:%S"),
    }
    try:
        return readers.get(column.kind, str)(value)
    except ValueError:
        return None


def _row_breaches(contract: Contract, frame: pd.DataFrame) -> Iterator[str]:
    if frame.duplicated(list(contract.key)).any():
        yield "key not unique"
    # Dates as ISO text and the few amounts of these rules compare as their values do.
    with connect() as connection:
        connection.register("rows_of_table", frame)
        for rule in contract.rules:
            query = f"SELECT count(*) FROM rows_of_table WHERE NOT ({rule.holds})"
            if connection.execute(query).fetchall() != [(0,)]:
                yield rule.name
