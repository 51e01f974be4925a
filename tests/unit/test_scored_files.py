"""A table's file is typed by the contract: equal values score alike in every format."""

import bz2
import gzip
import lzma
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from limner.contract import Column
from limner.domain import Purpose
from limner.engine import connect
from limner.errors import (
    CellsInvalid,
    ColumnTwice,
    ConsentUnclear,
    FactsMissing,
    LimnerError,
    TableAmbiguous,
    TableUnfit,
    TotalLine,
)
from limner.intake.own_file import OwnForm
from limner.intake.quarantine import Told
from limner.intake.table_file import load, open_table
from limner.intake.typed_table import Source, TypedTable, typed_table
from limner.portfolios import find_portfolio
from limner.scoring import score_table
from limner.scoring.table_file import FileScores, FileSettings, score_file
from small_models import PROPENSITY, RISK, fitted

HEADER = (
    "revolving_utilisation,age,late_30_59_days,late_60_89_days,late_90_days,debt_ratio,"
    "monthly_income,open_credit_lines,real_estate_loans,dependents"
)
ROWS = [
    "0.134,76,0,0,0,0.495,4882,8,3,1", "0.094,23,1,0,2,0.762,1217,12,3,2",
    "0.722,36,3,0,0,0.031,,11,0,", "0.686,49,0,1,0,0.764,8893,8,1,2",
]  # fmt: skip
TEXT = "\n".join([HEADER, *ROWS]) + "\n"
DEFAULTS = {Purpose.PROFILING: True, Purpose.CREDIT: True, Purpose.MARKETING: False}
SETTINGS = FileSettings(DEFAULTS)


def frame() -> pd.DataFrame:
    cells = [[float(cell) if cell else np.nan for cell in row.split(",")] for row in ROWS]
    return pd.DataFrame(cells, columns=HEADER.split(","))


EXPECTED = score_table(fitted(RISK), frame())["probability"].tolist()


def scored(file: Path, settings: FileSettings = SETTINGS) -> FileScores:
    return score_file(fitted(RISK), file, settings)


def probabilities(file: Path) -> list[float]:
    found: list[float] = scored(file).scores["probability"].tolist()
    return found


def saved(folder: Path, text: str, name: str = "customers.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def zipped(content: bytes, *names: str) -> bytes:
    import io

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


def decimal(folder: Path) -> bytes:
    table = pa.Table.from_pandas(frame(), preserve_index=False)
    typed = [
        column.cast(pa.decimal128(18, 3)) if name in ("revolving_utilisation", "debt_ratio")
        else column for name, column in zip(table.column_names, table.columns, strict=True)
    ]  # fmt: skip
    pq.write_table(pa.Table.from_arrays(typed, table.column_names), folder / "d")
    return (folder / "d").read_bytes()


def parquet(folder: Path) -> bytes:
    frame().to_parquet(folder / "p")
    return (folder / "p").read_bytes()


EVERY_FORMAT: dict[str, Callable[[Path], bytes]] = {
    "customers.csv": lambda _: TEXT.encode(),
    "CUSTOMERS.TSV": lambda _: TEXT.replace(",", "\t").encode(),
    "pipes.txt": lambda _: TEXT.replace(",", "|").encode(),
    "mark.csv": lambda _: TEXT.encode("utf-8-sig"),
    "utf16.txt": lambda _: TEXT.replace(",", "\t").encode("utf-16"),
    "windows.csv": lambda _: TEXT.replace("\n", "\r\n").encode(),
    "blank lines.csv": lambda _: ("\n" + TEXT.replace("\n", "\n\n")).encode(),
    "semicolons.csv": lambda _: TEXT.replace(",", ";").encode(),
    "decimal commas.csv": lambda _: TEXT.replace(",", ";").replace(".", ",").encode(),
    "trailing.csv": lambda _: (HEADER + "\n" + "".join(f"{r},\n" for r in ROWS)).encode(),
    "all trailing.csv": lambda _: TEXT.replace("\n", ",\n").encode(),
    "floats.csv": lambda _: frame().to_csv(index=False).encode(),
    "c.csv.gz": lambda _: gzip.compress(TEXT.encode()),
    "gz without ending": lambda _: gzip.compress(TEXT.encode()),
    "c.csv.bz2": lambda _: bz2.compress(TEXT.encode()),
    "c.csv.xz": lambda _: lzma.compress(TEXT.encode()),
    "c.zip": lambda _: zipped(TEXT.encode(), "customers.csv"),
    "P.PARQUET": parquet,
    "a[1]*.parquet": parquet,
    "called.csv": parquet,
    "decimal.parquet": decimal,
}


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_equal_values_score_alike_in_every_format(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(EVERY_FORMAT[name](tmp_path))
    assert probabilities(file) == EXPECTED


@pytest.mark.parametrize(("encoding", "word"), [("cp1252", "Größe"), ("gb18030", "备注客户")])
def test_reads_another_encoding(encoding: str, word: str, tmp_path: Path) -> None:
    lines = [f"{HEADER},{word}", *(f"{row},{word}" for row in ROWS)]
    assert probabilities(saved(tmp_path, "\n".join(lines), encoding=encoding)) == EXPECTED


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a;b\n1;2\n", ["debt_ratio", "age", "it has: a, b", "semicolons"]),
        (TEXT.replace(HEADER, HEADER.upper()), ["debt_ratio (nearest: DEBT_RATIO)"]),
        ("# exported\n" + TEXT, ["open_credit_lines", "'# exported': remove lines above"]),
        (TEXT.replace("open_credit_lines", "Open credit lines"),
         ["must be given: open_credit_lines (nearest: 'Open credit lines')"]),
    ],
)  # fmt: skip
def test_refuses_a_table_without_the_facts_and_names_each(
    text: str, words: list[str], tmp_path: Path
) -> None:
    with pytest.raises(LimnerError) as refusal:
        scored(saved(tmp_path, text))
    assert isinstance(refusal.value, FactsMissing)
    for word in words:
        assert word in str(refusal.value)


def test_never_shows_a_persons_row_as_names_where_there_is_no_header(tmp_path: Path) -> None:
    with pytest.raises(FactsMissing, match="holds values, not names") as refusal:
        scored(saved(tmp_path, "\n".join(ROWS)))
    assert "4882" not in str(refusal.value)


def test_tells_an_optional_fact_that_is_missing_for_the_whole_table(tmp_path: Path) -> None:
    found = scored(saved(tmp_path, TEXT.replace("monthly_income", "Monthly Income")))
    assert len(found.scores) == len(ROWS)
    assert "monthly_income (nearest: 'Monthly Income')" in found.notes[0]


def test_refuses_a_column_twice(tmp_path: Path) -> None:
    lines = [f"{HEADER},monthly_income", *(f"{row},99999" for row in ROWS)]
    with pytest.raises(ColumnTwice, match="monthly_income"):
        scored(saved(tmp_path, "\n".join(lines)))


def test_one_bad_cell_is_named_by_its_own_row_and_column(tmp_path: Path) -> None:
    text = TEXT.replace("8893", "n.v.").replace(ROWS[0], f"\n{ROWS[0]}")
    with pytest.raises(CellsInvalid) as refusal:
        scored(saved(tmp_path, text))
    assert refusal.value.faults == ("row 4 (line 6): monthly_income must be a number",)


@pytest.mark.parametrize("last", ["Total,,,,,,14992,,,", "Summe:,,,,", "合计"])
def test_tells_a_total_line_as_what_it_is(last: str, tmp_path: Path) -> None:
    with pytest.raises(TotalLine, match="line 6"):
        scored(saved(tmp_path, TEXT + last + "\n"))


def test_a_thousand_that_may_be_one_and_a_bit_is_refused_with_the_separator(tmp_path: Path) -> None:
    text = TEXT.replace(",", ";").replace("4882", "4,882")
    with pytest.raises(CellsInvalid, match=r"line 2\): monthly_income .*semicolons"):
        scored(saved(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"), (b"\n\n", "it is empty"),
        ((TEXT + ROWS[0] + ",1,2\n").encode(), "line 6 has 12 cells, the header 10"),
        ((TEXT + '"open,1\n').encode(), "a quote is open"),
        (zipped(b"a,b\n", "a.csv", "b.csv"), "an archive of 2 files"),
        (zipped(b"", "[Content_Types].xml"), "a spreadsheet"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "an old spreadsheet"),
        (b"PAR1broken", "Parquet is broken"), (gzip.compress(TEXT.encode(), mtime=0)[:40], "gzip"),
        (bytes(range(256)) * 4, "no text"),
    ],
)  # fmt: skip
def test_says_in_one_line_what_cannot_be_read(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes(content)
    with pytest.raises(TableUnfit, match=words) as refusal:
        scored(file)
    assert str(refusal.value).startswith("customers.csv: ")
    assert "\n" not in str(refusal.value)


def typed(file: Path, *columns: Column) -> TypedTable:
    names = [column.name for column in columns]
    with open_table(file, names) as table, connect() as connection:
        types = load(connection, table)
        held = {label: f"c{place}" for place, label in enumerate(table.labels)}
        source = Source("source", held, {label: types[sql] for label, sql in held.items()})
        return typed_table(connection, source, columns)


PURPOSE = Column("purpose", "category", "Why", allowed=("None", "car"), missing=("", "NA"))
BRANCH = Column("branch", "category", "Where", allowed=("001", "025", "25", "999"))
ONLINE = Column("online", "category", "How", allowed=("True", "False"))


def test_only_the_contracts_spellings_are_missing(tmp_path: Path) -> None:
    cells = ["None", "NA", "car", None]
    pd.DataFrame({"purpose": cells}).to_parquet(tmp_path / "p")
    files = [saved(tmp_path, "purpose,x\nNone,1\nNA,1\ncar,1\n,1\n"), tmp_path / "p"]
    for file in files:
        assert typed(file, PURPOSE).values["purpose"].astype(object).fillna("-").tolist() == [
            "None", "-", "car", "-"]  # fmt: skip


def test_a_code_is_typed_by_its_contract_and_never_by_other_cells(tmp_path: Path) -> None:
    for beside in ("", "x,2\n"):
        file = saved(tmp_path, f"branch,online\n001,True\n25,FALSE\n1,true\n25.0,True\n{beside}")
        found = typed(file, BRANCH, ONLINE).values
        # 25 and 25.0 are 025 as well as 25: only the exact spelling says which.
        assert found["branch"].tolist()[:4] == ["001", "25", "001", "25.0"]
        assert found["online"].tolist()[:4] == ["True", "False", "True", "True"]
    pd.DataFrame({"branch": [1, 999], "online": [True, False]}).to_parquet(tmp_path / "p")
    found = typed(tmp_path / "p", BRANCH, ONLINE).values
    assert found["branch"].tolist() == ["001", "999"]
    assert found["online"].tolist() == ["True", "False"]


def test_a_category_called_none_scores_alike_from_every_format(tmp_path: Path) -> None:
    one = fitted(PROPENSITY)
    record = dict(one.manifest.example)
    named = {record["job"]: "None"}
    facts = [
        replace(c, allowed=tuple(named.get(v, v) for v in c.allowed)) if c.name == "job" else c
        for c in one.manifest.facts
    ]
    features = [
        replace(f, categories=tuple(named.get(v, v) for v in f.categories or ()))
        if f.feature.name == "job" else f for f in one.manifest.features
    ]  # fmt: skip
    changed = {"facts": tuple(facts), "features": tuple(features)}
    bold = replace(one, manifest=one.manifest.model_copy(update=changed))
    table = pd.DataFrame([record | {"job": "None"}] * 2)
    table.to_csv(tmp_path / "c.csv", index=False)
    table.to_parquet(tmp_path / "c.parquet")
    expected = score_table(one, pd.DataFrame([record] * 2))
    for name in ("c.csv", "c.parquet"):
        pd.testing.assert_frame_equal(score_file(bold, tmp_path / name, SETTINGS).scores, expected)


def with_consent(answers: list[str], column: str = "allows_credit") -> str:
    lines = [f"customer_id,{HEADER},{column}"]
    lines += [f"c{i},{row},{a}" for i, (row, a) in enumerate(zip(ROWS, answers, strict=True))]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (["yes", "no", "YES", "n"], ["c0", "c2"]), (["True", "False", "1", "0"], ["c0", "c2"]),
        (["1.0", "0.0", "0.0", "1.0"], ["c0", "c3"]), (["是", "否", "是", "否"], ["c0", "c2"]),
        (["", "no", " ", "no"], ["c0", "c2"]),
    ],
)  # fmt: skip
def test_only_those_who_allow_the_purpose_are_scored(
    answers: list[str], kept: list[str], tmp_path: Path
) -> None:
    found = scored(saved(tmp_path, with_consent(answers)))
    assert found.scores["customer_id"].tolist() == kept
    rows = [int(key[1]) for key in kept]
    assert found.scores["probability"].tolist() == [EXPECTED[row] for row in rows]
    assert f"{len(ROWS) - len(kept)} customers without consent to" in found.notes[-1]


def test_a_blank_follows_the_default_of_the_purpose(tmp_path: Path) -> None:
    file = saved(tmp_path, with_consent(["yes", "", "", "yes"]))
    strict = FileSettings({**DEFAULTS, Purpose.CREDIT: False})
    assert scored(file, strict).scores["customer_id"].tolist() == ["c0", "c3"]


def test_refuses_an_answer_that_is_neither_yes_nor_no(tmp_path: Path) -> None:
    with pytest.raises(ConsentUnclear, match=r"1 rows .* row 2 \(line 3\)") as refusal:
        scored(saved(tmp_path, with_consent(["yes", "perhaps", "no", "no"])))
    assert "perhaps" not in str(refusal.value)


def test_a_total_below_consents_is_told_as_a_total(tmp_path: Path) -> None:
    text = with_consent(["yes", "no", "yes", "no"]) + "Total,,,,,,,22400,,,,2\n"
    with pytest.raises(TotalLine, match="line 6"):
        scored(saved(tmp_path, text))


def test_never_overlooks_consent_under_another_spelling_of_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConsentUnclear, match=r"'Allows Credit', .*: call it allows_credit"):
        scored(saved(tmp_path, with_consent(["yes"] * 4, "Allows Credit")))


def test_tells_that_a_banks_table_says_nothing_of_consent(tmp_path: Path) -> None:
    file, portfolio = saved(tmp_path, TEXT), fitted(RISK).manifest.portfolio
    assert scored(file).notes == ()
    found = scored(file, FileSettings(DEFAULTS, banks=(portfolio,)))
    assert found.notes == ("no column allows_credit: nobody is left out for want of consent",)
    assert len(found.scores) == len(ROWS)


def test_rows_are_named_by_the_file_where_others_are_left_out(tmp_path: Path) -> None:
    text = with_consent(["no", "yes", "no", "yes"]).replace("8893", "much")
    with pytest.raises(CellsInvalid) as refusal:
        scored(saved(tmp_path, text))
    assert refusal.value.faults == ("row 4 (line 5): monthly_income must be a number",)


OWN = find_portfolio("give_me_credit")
OWN_NAMES = {
    "late_30_59_days": "NumberOfTime30-59DaysPastDueNotWorse", "debt_ratio": "DebtRatio",
    "late_60_89_days": "NumberOfTime60-89DaysPastDueNotWorse", "age": "age",
    "late_90_days": "NumberOfTimes90DaysLate", "monthly_income": "MonthlyIncome",
    "revolving_utilisation": "RevolvingUtilizationOfUnsecuredLines",
    "open_credit_lines": "NumberOfOpenCreditLinesAndLoans",
    "real_estate_loans": "NumberRealEstateLoansOrLines", "dependents": "NumberOfDependents",
}  # fmt: skip


def own_settings(portfolio: object = OWN) -> FileSettings:
    return FileSettings(DEFAULTS, lambda _: OwnForm(portfolio, Told()))  # type: ignore[arg-type]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("outcome", [True, False])
def test_the_portfolios_own_file_is_read_through_its_mapping(
    separator: str, outcome: bool, tmp_path: Path
) -> None:
    own = frame().rename(columns=OWN_NAMES).astype({"NumberOfDependents": "Int64"})
    own = own.assign(id=range(len(own)), **({"SeriousDlqin2yrs": 0} if outcome else {}))
    own.to_csv(tmp_path / "own.csv", index=False, sep=separator, na_rep="NA")
    found = scored(tmp_path / "own.csv", own_settings())
    assert found.scores["probability"].tolist() == EXPECTED
    assert "through its mapping" in found.notes[0]


def test_an_own_file_with_decimal_commas_is_read_or_told_of(tmp_path: Path) -> None:
    own = frame().rename(columns=OWN_NAMES).assign(id=1)
    text = own.to_csv(index=False, sep=";", decimal=",", na_rep="NA")
    found = scored(saved(tmp_path, text), own_settings())
    assert found.scores["probability"].tolist() == EXPECTED
    assert "decimal points" in found.notes[-1]
    with pytest.raises(CellsInvalid, match="semicolons: write numbers with a decimal point"):
        scored(saved(tmp_path, text.replace("0,722", "1.5")), own_settings())


def test_an_own_file_that_lacks_a_fact_is_refused_by_that_fact(tmp_path: Path) -> None:
    own = frame().rename(columns=OWN_NAMES).drop(columns="DebtRatio").assign(id=1)
    own.to_csv(tmp_path / "own.csv", index=False)
    with pytest.raises(FactsMissing, match=r"must be given: debt_ratio.*lacks SeriousDlq.*, DebtR"):
        scored(tmp_path / "own.csv", own_settings())


def placed_portfolio() -> object:
    names = HEADER.split(",")
    columns = tuple(f"column{place}" for place in range(len(names)))
    portfolio = replace(OWN, extract_columns=columns, header=False)
    mapped = ", ".join(f'{c} AS "{n}"' for c, n in zip(columns, names, strict=True))
    portfolio.__dict__["mapping"] = f"SELECT {mapped} FROM extract"
    return portfolio


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_headerless_own_file_is_read_by_place(separator: str, tmp_path: Path) -> None:
    text = "\n".join(ROWS).replace(",", separator)
    found = scored(saved(tmp_path, text), own_settings(placed_portfolio()))
    assert found.scores["probability"].tolist() == EXPECTED
    with pytest.raises(CellsInvalid, match=r"row 4 \(line 4\): monthly_income"):
        scored(saved(tmp_path, text.replace("8893", "x")), own_settings(placed_portfolio()))


def same_named_portfolio(debt_ratio: str) -> object:
    names = HEADER.split(",")
    portfolio = replace(OWN, extract_columns=(*names, "bad"))
    mapped = ", ".join(debt_ratio if n == "debt_ratio" else f'"{n}"' for n in names)
    portfolio.__dict__["mapping"] = f"SELECT {mapped} FROM extract"
    return portfolio


def test_a_table_that_reads_otherwise_through_the_mapping_is_never_guessed(tmp_path: Path) -> None:
    file = saved(tmp_path, TEXT)
    alike = own_settings(same_named_portfolio('"debt_ratio"'))
    assert scored(file, alike).scores["probability"].tolist() == EXPECTED
    scaled = "CAST(CAST(debt_ratio AS DOUBLE) * 100 AS VARCHAR) AS debt_ratio"
    with pytest.raises(TableAmbiguous, match="debt_ratio would differ"):
        scored(file, own_settings(same_named_portfolio(scaled)))
