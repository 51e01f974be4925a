"""Drafts as text: in the house's style, whatever the file holds, and none of it lost."""

import ast
import runpy
import subprocess
import sys
from pathlib import Path
from string import printable
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafted import ROWS, customers, draft, not_compared, write
from limner.domain import Bilingual
from limner.errors import DraftNameInvalid, LimnerError
from limner.onboarding.drafting import Source, bands_of, write_drafts
from limner.onboarding.literals import bilingual, quoted, tuple_of, width
from limner.onboarding.naming import check_name, column_names
from limner.onboarding.rehearsal import drafted_portfolio

TABLE = customers()
SOURCE = Source("a.csv", 1, "0" * 64)
LONG = "A header that goes on and on, as if a whole sentence of a questionnaire had been pasted in"


def messy_table() -> dict[str, list[str]]:
    """Make a column of every kind that a draft words in its own way."""
    number = range(ROWS)
    return TABLE | {
        f"{LONG}, and then some more of it": [str(i % 50) for i in number],
        'it\'s "quoted"': [f'it\'s "{i % 3}"' for i in number],
        "月收入": [f"￥{1000 + i % 90:,}" for i in number],
        "late": [{1: "96", 2: "98", 3: "NA"}.get(i % 9, str(i % 7)) for i in number],
        "many": [f"a rather long value number {i % 30}" for i in number],
        "one": ["only" if i % 2 else "NA" for i in number],
        "email": [f"a{i}@example.invalid" for i in number],
        "sex": ["f" if i % 2 else "m" for i in number],
        "when": [f"{1 + i % 28:02d}.{1 + i % 12:02d}.2024" for i in number],
        "same": ["x"] * ROWS,
    }


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    return write(tmp_path / "messy.csv", messy_table(), "\t",
                 quote=lambda c: '"' + c.replace('"', '""') + '"')  # fmt: skip


def test_drafts_are_in_the_houses_style(messy: Path, tmp_path: Path) -> None:
    drafts = write_drafts(draft(messy, time_column="when").plan, SOURCE, not_compared())
    for file, text in drafts.files.items():
        path = tmp_path / "drafts" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    config = Path(__file__).parents[3] / "pyproject.toml"
    for command in (("check",), ("format", "--check", "--diff")):
        ruff = [str(Path(sys.executable).parent / "ruff"), *command, "--no-cache"]
        ours = ["--config", 'lint.isort.known-first-party=["limner"]']
        done = subprocess.run([*ruff, "--config", str(config), *ours, str(tmp_path / "drafts")],
                              capture_output=True, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_drafted_module_defines_what_was_tried(messy: Path, tmp_path: Path) -> None:
    plan = draft(messy, time_column="when").plan
    drafts = write_drafts(plan, SOURCE, not_compared())
    module, sql = list(drafts.files)[:2]
    for file in (path for path in drafts.files if path.parent.name == "portfolios"):
        (tmp_path / file.name).write_text(drafts.files[file], encoding="utf-8")
    names = runpy.run_path(str(tmp_path / module.name))
    made, tried = names["PORTFOLIO"], drafted_portfolio(plan)
    assert made.contract == tried.contract
    for name in ("separator", "encoding", "header", "skip_rows", "extract_columns"):
        assert getattr(made, name) == getattr(tried, name)
    assert drafts.files[sql].endswith(tried.mapping)


def test_each_drafted_line_carries_its_reason(messy: Path) -> None:
    drafts = write_drafts(draft(messy, time_column="when").plan, SOURCE, not_compared())
    contract, mapping, *_ = drafts.files.values()
    for said in (
        "Columns are parted by tabs", "96 in 11.2% of rows", "'email' (identifier)",
        "'same' (constant)", "Written with commas between thousands", "Its header says 'sex'",
        "Stated as the time of each row", "Written as %d.%m.%Y: mapped to ISO dates",
    ):  # fmt: skip
        assert said in contract
    assert "-- Written as %d.%m.%Y" in mapping
    assert "# Drafted: the latest" in drafts.out_of_time_block
    assert "no worse than chance" in drafts.model_block


cells = st.one_of(
    st.sampled_from(["1", "07", "30", "red", "", " ", "#", "NA", '"', "'", "1,5", "1.234", "inf",
                     "12.05.2024", "-1", "999", "50%", "€3"]),
    st.text(printable, max_size=6),
    st.text(max_size=4).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
)  # fmt: skip


@given(
    columns=st.lists(st.lists(cells, min_size=3, max_size=12), min_size=1, max_size=5),
    headers=st.lists(st.text(max_size=8), min_size=5, max_size=5),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_drafting_then_intake_loses_no_row(
    columns: list[list[str]], headers: list[str], separator: str
) -> None:
    """Whatever the cells hold: refused whole, or every row is trusted or quarantined."""
    table = {"target": TABLE["target"], "count": TABLE["count"]}
    for name, values in zip(headers, columns, strict=False):
        table.setdefault(name, [values[i * i % len(values)] for i in range(ROWS)])
    with TemporaryDirectory() as folder:
        clean = {_encodable(name): values for name, values in table.items()}
        file = write(Path(folder) / "a.csv", {_quoted(n): v for n, v in clean.items()}, separator,
                     quote=_quoted)  # fmt: skip
        try:
            found = draft(file)  # counts the rows itself
        except LimnerError as refusal:
            assert "\n" not in str(refusal)
            return
        assert found.plan.rows == ROWS
        for path, text in write_drafts(found.plan, SOURCE, not_compared()).files.items():
            if path.suffix == ".py":
                ast.parse(text)


def _encodable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@given(st.text(max_size=30))
def test_a_text_is_the_same_after_python_reads_it(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text


@given(st.lists(st.text(max_size=20), max_size=8))
def test_a_tuple_is_the_same_after_python_reads_it(texts: list[str]) -> None:
    written = tuple_of([quoted(text) for text in texts], 4)
    assert ast.literal_eval(written) == tuple(texts)


@pytest.mark.parametrize("words", [Bilingual("a" * 40, "年" * 10), Bilingual("a" * 60, "年" * 30)])
def test_no_line_is_wider_than_the_house_allows(words: Bilingual) -> None:
    lines = bilingual(words, 12).splitlines()
    assert all(width(line) <= 100 for line in lines)


@given(st.lists(st.text(max_size=12), max_size=40))
def test_every_header_gets_a_name_of_its_own(labels: list[str]) -> None:
    names = column_names(labels)
    assert len(set(names)) == len(labels)
    assert all(name.isidentifier() and name.isascii() for name in names)
    assert not {"sample", "customer_id", "broken_rules"} & set(names)


@given(st.floats(0.0005, 0.9995))
def test_bands_rise_to_one(rate: float) -> None:
    ends = [end for _, end in bands_of(rate)]
    assert ends == sorted(set(ends))
    assert ends[-1] == 1


@pytest.mark.parametrize(
    "name", ["", "Cards", "1cards", "my-cards", "class", "cards_", "../cards", "卡", "a" * 51]
)
def test_refuses_a_name_that_is_no_module(name: str) -> None:
    with pytest.raises(DraftNameInvalid, match="such as card_customers"):
        check_name(name)
