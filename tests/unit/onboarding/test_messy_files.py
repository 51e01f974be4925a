"""Files nobody prepared: whatever way a table is written, the same rows become trusted."""

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from drafted import ROWS, amounts, customers, draft, write
from limner.errors import ColumnMissing, TableUnfit

TABLE = customers()
PLAIN = [float(v) for v in TABLE["amount"]]


def german(number: str) -> str:
    """Write 1234.5 as 1.234,5."""
    return f"{float(number):,.2f}".translate(str.maketrans(",.", ".,"))


def changed(**columns: Any) -> dict[str, list[str]]:
    return TABLE | columns


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_finds_the_separator(tmp_path: Path, separator: str, line_end: str) -> None:
    found = draft(write(tmp_path / "a.csv", TABLE, separator, line_end=line_end))
    assert found.plan.shape.separator == separator
    assert amounts(found) == PLAIN
    assert len(found.intake.quarantine) == 0


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", ""), ("utf-8-sig", ""), ("latin-1", ""), ("cp1252", "€"), ("utf-16", ""),
     ("utf-16-le", ""), ("utf-16-be", "")],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_reads_every_encoding_to_the_same_texts(
    tmp_path: Path, encoding: str, mark: str, packed: bool
) -> None:
    table = changed(colour=[c + mark for c in TABLE["colour"]])
    file = write(tmp_path / "a.csv", table, encoding=encoding)
    if packed:
        file.write_bytes(gzip.compress(file.read_bytes()))
    found = draft(file)
    assert set(found.intake.trusted["colour"]) == set(table["colour"])
    assert found.plan.columns[1].name == "age"


def test_reads_chinese_text_in_gb18030_and_names_columns(tmp_path: Path) -> None:
    english = ["age", "amount", "count", "colour", "target"]
    table = dict(zip(["年龄", "账户余额", "次数", "城市", "违约"], TABLE.values(), strict=True))
    table["城市"] = [{"red": "上海", "blue": "北京"}.get(c, "广州") for c in TABLE["colour"]]
    found = draft(write(tmp_path / "a.csv", table, encoding="gb18030"), target="违约")
    assert found.plan.shape.encoding.name == "gb18030"
    assert set(found.intake.trusted["city"]) == {"上海", "北京", "广州"}
    names = [c.name for c in found.plan.columns]
    assert names == ["customer_id", "age", "account_balance", "column_3", "city", "column_5"]
    assert found.column("column_3").words.zh == "次数"
    assert found.use("age") == "protected"
    assert len(english) == len(table)


def test_western_text_is_never_taken_for_chinese(tmp_path: Path) -> None:
    names = ["Zürich", "Köln", "Genève", "Málaga", "Århus", "Größe"]
    table = changed(colour=[names[i % 6] for i in range(ROWS)])
    found = draft(write(tmp_path / "a.csv", table, encoding="latin-1"))
    assert found.plan.shape.encoding.name == "cp1252"
    assert set(found.intake.trusted["colour"]) == set(names)


def test_says_that_there_is_no_header_and_names_columns_by_place(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE, header=False)
    found = draft(file, target="column_5")
    assert not found.plan.shape.header
    assert "no header" in " ".join(found.plan.shape.reasons)
    names = [c.name for c in found.plan.columns]
    assert names[1:] == ["column_1", "column_2", "column_3", "column_4", "column_5"]
    assert len(found.intake.trusted) == ROWS


def test_no_header_may_be_stated(tmp_path: Path) -> None:
    table = {f"word{i}": TABLE["colour"] for i in range(2)} | {"last": TABLE["target"]}
    file = write(tmp_path / "a.csv", table, header=False)
    assert draft(file, target="column_3", no_header=True).plan.rows == ROWS


def test_lines_above_the_header_are_a_title(tmp_path: Path) -> None:
    title = "Export of Monday\n\nconfidential, internal\n"
    found = draft(write(tmp_path / "a.csv", TABLE, title=title))
    assert found.plan.shape.skip_rows == 3
    assert amounts(found) == PLAIN


@pytest.mark.parametrize("in_header", [True, False])
def test_separators_at_the_end_of_each_row_are_no_column(tmp_path: Path, in_header: bool) -> None:
    table = dict(TABLE)
    if in_header:
        table[""] = [""] * ROWS
    file = write(tmp_path / "a.csv", table, ";", trailing="" if in_header else ";")
    found = draft(file)
    assert [c.name for c in found.plan.columns][1:-1] == ["age", "amount", "count", "colour"]
    assert amounts(found) == PLAIN


@pytest.mark.parametrize("separator", [";", "\t"])
def test_reads_decimal_commas_and_points_between_thousands(tmp_path: Path, separator: str) -> None:
    table = changed(amount=[german(v) for v in TABLE["amount"]])
    found = draft(write(tmp_path / "a.csv", table, separator))
    assert amounts(found) == PLAIN
    assert "decimal commas" in found.reasons("amount")


def test_what_could_be_thousands_is_read_as_the_rest_of_the_file_is(tmp_path: Path) -> None:
    whole = [f"{1 + i % 9}.{i % 250:03d}" for i in range(ROWS)]
    table = changed(amount=[german(v) for v in TABLE["amount"]], whole=whole)
    found = draft(write(tmp_path / "a.csv", table, ";"))
    assert amounts(found, "whole") == [float(v.replace(".", "")) for v in whole]
    alone = draft(write(tmp_path / "b.csv", changed(whole=whole), ";"))
    assert amounts(alone, "whole") == [float(v) for v in whole]
    assert "two ways" in alone.reasons("whole")


@pytest.mark.parametrize(
    ("pattern", "unit"),
    [("${:,.2f}", "US dollars"), ("{:.2f} €", "euro"), ("¥{:,.2f}", "yuan"), ("{:.2f}元", "yuan"),
     ("CHF {:.2f}", "francs"), ("{:.2f} %", "percent"), ("{:.2f}%", "percent")],
)  # fmt: skip
def test_reads_signs_of_money_and_percent(tmp_path: Path, pattern: str, unit: str) -> None:
    table = changed(amount=[pattern.format(v) for v in PLAIN])
    found = draft(write(tmp_path / "a.csv", table, ";"))
    assert amounts(found) == PLAIN
    assert found.column("amount").column.unit == unit


@pytest.mark.parametrize("mark", [" ", "\u00a0", "'", "\u202f"])
def test_reads_spaces_and_apostrophes_between_thousands(tmp_path: Path, mark: str) -> None:
    table = changed(amount=[f"{v:,.2f}".replace(",", mark) for v in PLAIN])
    assert amounts(draft(write(tmp_path / "a.csv", table, ";"))) == PLAIN


def test_negative_numbers_stay_negative(tmp_path: Path) -> None:
    table = changed(amount=[f"-${v:,.2f}" for v in PLAIN])
    found = draft(write(tmp_path / "a.csv", table, ";"))
    assert amounts(found) == [-v for v in PLAIN]


def test_duplicated_names_are_made_unique_and_said(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE)
    text = file.read_text("utf-8").replace("age,amount,count", "amount,amount,Amount", 1)
    file.write_text(text, encoding="utf-8")
    found = draft(file)
    assert [c.name for c in found.plan.columns][1:4] == ["amount", "amount_2", "amount_3"]
    assert "amount more than once" in " ".join(found.plan.shape.reasons)
    assert amounts(found, "amount_2") == PLAIN


def test_quoted_line_breaks_and_separators_stay_in_their_cell(tmp_path: Path) -> None:
    table = changed(colour=[f"{c},\nand more" for c in TABLE["colour"]])
    file = write(tmp_path / "a.csv", table, quote=lambda cell: f'"{cell}"')
    found = draft(file)
    assert found.plan.rows == ROWS
    assert "red,\nand more" in set(found.intake.trusted["colour"])


def test_lines_that_end_in_two_ways_are_evened_out(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE)
    lines = file.read_bytes().split(b"\n")
    file.write_bytes(b"\r\n".join(lines[:300]) + b"\n" + b"\n".join(lines[300:]))
    assert amounts(draft(file)) == PLAIN


def test_a_wide_file_is_drafted_whole(tmp_path: Path) -> None:
    wide = {f"x{i}": TABLE["amount"][i:] + TABLE["amount"][:i] for i in range(300)}
    found = draft(write(tmp_path / "a.csv", TABLE | wide))
    assert len(found.plan.columns) == 306
    assert len(found.intake.quarantine) == 0


def test_empty_and_all_missing_columns_are_left_out(tmp_path: Path) -> None:
    table = changed(nothing=[""] * ROWS, unknown=["NA"] * ROWS, same=["7"] * ROWS)
    found = draft(write(tmp_path / "a.csv", table))
    assert found.left_out() == {"nothing": "empty", "unknown": "empty", "same": "constant"}


@pytest.mark.parametrize(
    "marker", ["", "NA", "n/a", "?", "NULL", "nan", "unknown", "-", "未知", "#N/A"]
)
def test_missing_markers_are_read_as_missing(tmp_path: Path, marker: str) -> None:
    def with_gaps(values: list[str]) -> list[str]:
        return [marker if i % 10 == 3 else v for i, v in enumerate(values)]

    table = changed(amount=with_gaps(TABLE["amount"]), colour=with_gaps(TABLE["colour"]))
    found = draft(write(tmp_path / "a.csv", table))
    for name in ("amount", "colour"):
        assert found.intake.trusted[name].isna().sum() == ROWS / 10
        assert marker in found.column(name).column.missing
        assert not found.column(name).column.required
    assert len(found.intake.quarantine) == 0


def test_none_is_a_category_and_no_missing_value_there(tmp_path: Path) -> None:
    table = changed(colour=[c.replace("red", "none") for c in TABLE["colour"]])
    found = draft(write(tmp_path / "a.csv", table))
    assert "none" in found.column("colour").column.allowed


def test_a_few_texts_among_numbers_go_to_quarantine_and_many_are_read_as_missing(
    tmp_path: Path,
) -> None:
    few = ["oops", *TABLE["amount"][1:]]
    found = draft(write(tmp_path / "a.csv", changed(amount=few)))
    assert len(found.intake.quarantine) == 1
    assert "their rows go to quarantine" in found.reasons("amount")
    many = ["oops" if i % 25 == 0 else v for i, v in enumerate(TABLE["amount"])]
    found = draft(write(tmp_path / "b.csv", changed(amount=many)))
    assert len(found.intake.quarantine) == 0
    assert found.intake.trusted["amount"].isna().sum() == ROWS / 25
    assert "read as missing" in found.reasons("amount")


def test_a_column_of_mixed_types_is_no_number(tmp_path: Path) -> None:
    mixed = ["many" if i % 3 == 0 else str(i % 4) for i in range(ROWS)]
    found = draft(write(tmp_path / "a.csv", changed(count=mixed)))
    assert found.column("count").column.allowed == ("0", "1", "2", "3", "many")


def test_leading_zeros_make_a_code_of_digits_no_number(tmp_path: Path) -> None:
    table = changed(count=[f"0{i % 7}" for i in range(ROWS)])
    assert draft(write(tmp_path / "a.csv", table)).column("count").column.kind == "category"


@pytest.mark.parametrize(
    ("form", "doubtful"),
    [("%Y-%m-%d", False), ("%d.%m.%Y", False), ("%Y/%m/%d", False), ("%Y%m%d", False),
     ("%d/%m/%Y", False), ("%m/%d/%Y", False), ("%Y-%m-%d %H:%M:%S", False),
     ("%Y年%m月%d日", False), ("%d-%b-%Y", False)],
)  # fmt: skip
def test_dates_of_every_form_become_iso_dates(tmp_path: Path, form: str, doubtful: bool) -> None:
    days = [pd.Timestamp("2023-01-01") + pd.Timedelta(days=i) for i in range(ROWS)]
    table = changed(seen=[day.strftime(form) for day in days])
    found = draft(write(tmp_path / "a.csv", table), time_column="seen")
    assert [str(d) for d in found.intake.trusted["seen"]] == [str(d.date()) for d in days]
    assert ("swapped" in found.reasons("seen")) == doubtful
    late = found.plan.time.late_from
    assert late is not None
    assert 0.1 < sum(day.date() >= late for day in days) / ROWS < 0.3


def test_days_and_months_that_may_be_swapped_are_said(tmp_path: Path) -> None:
    table = changed(seen=[f"{1 + i % 12:02d}/{1 + i % 11:02d}/2024" for i in range(ROWS)])
    found = draft(write(tmp_path / "a.csv", table))
    assert "swapped" in found.reasons("seen")
    assert found.use("seen") == "date"


def test_dates_of_two_forms_in_one_column_are_both_read(tmp_path: Path) -> None:
    days = [pd.Timestamp("2023-01-01") + pd.Timedelta(days=i) for i in range(ROWS)]
    forms = ("%d.%m.%Y", "%Y-%m-%d")
    table = changed(seen=[day.strftime(forms[i % 2]) for i, day in enumerate(days)])
    found = draft(write(tmp_path / "a.csv", table))
    assert [str(d) for d in found.intake.trusted["seen"]] == [str(d.date()) for d in days]


def test_parquet_of_any_types_is_taken_in(tmp_path: Path) -> None:
    frame = pd.DataFrame(TABLE).astype({"age": int, "amount": float, "target": int})
    frame["target"] = frame["target"].astype(bool)
    frame["seen"] = pd.date_range("2023-01-01", periods=ROWS)
    frame.loc[::7, "amount"] = None
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    found = draft(tmp_path / "a.parquet", time_column="seen")
    assert found.intake.trusted["amount"].isna().sum() == len(range(0, ROWS, 7))
    assert found.plan.target.events == sum(v == "1" for v in TABLE["target"])
    assert found.plan.time.late_from is not None


def test_cells_and_headers_that_look_like_code_do_no_harm(tmp_path: Path) -> None:
    name = 'o\'dd "quoted" \\n $name; DROP'
    table = {name.replace('"', '""'): TABLE["count"]} | TABLE
    table["colour"] = [f"it's {{{{{c}}}}} \\" for c in TABLE["colour"]]
    file = write(tmp_path / "a.csv", table, "|")
    text = file.read_text("utf-8").replace(
        name.replace('"', '""'), f'"{name.replace(chr(34), chr(34) * 2)}"', 1
    )
    file.write_text(text, encoding="utf-8")
    found = draft(file)
    assert found.column("o_dd_quoted_n_name_drop").profile is not None
    assert "it's {{red}} \\" in set(found.intake.trusted["colour"])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no row"), (b"a,target\n", "header only"), (b"one\ntwo\nthree\n", "no separator"),
        (b"PK\x03\x04 rest", "spreadsheet"), (bytes(range(256)) * 20, "no text"),
        (b"a,b,target\n" + b"1,2,0\n" * 50 + b"1,2,0,4\n" + b"1,2,1\n" * 50, "line 52"),
        (b"\x1f\x8bnot gzip", "gzip"),
    ],
    ids=["empty", "header only", "one column", "spreadsheet", "binary", "long row", "no gzip"],
)  # fmt: skip
def test_refuses_a_file_that_is_no_table_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    with pytest.raises(TableUnfit, match=said) as refusal:
        draft(file)
    assert "\n" not in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)


def test_refuses_a_column_that_the_file_lacks_and_names_those_it_has(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", TABLE)
    with pytest.raises(ColumnMissing, match="column churn is absent; the file has: age, amount"):
        draft(file, target="churn")
    with pytest.raises(ColumnMissing, match="column when is absent"):
        draft(file, time_column="when")


def test_a_column_is_found_whatever_the_case(tmp_path: Path) -> None:
    assert draft(write(tmp_path / "a.csv", TABLE), target=" Target").plan.outcome.name == "target"


def test_refuses_a_time_without_dates_and_a_file_without_anything_to_learn_from(
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "a.csv", TABLE)
    with pytest.raises(TableUnfit, match="--time colour holds no dates"):
        draft(file, time_column="colour")
    bare = {"copy": TABLE["target"], "target": TABLE["target"]}
    with pytest.raises(TableUnfit, match="no column is left to learn from"):
        draft(write(tmp_path / "b.csv", bare))
