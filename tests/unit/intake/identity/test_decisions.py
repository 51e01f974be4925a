"""The file of decisions: it grows, the last word counts, and a broken line is named."""

import datetime as dt
from pathlib import Path

import pytest

from limner.errors import DecisionsInvalid
from limner.intake.identity.decisions import Decision, add_decision, latest, read_decisions

DAY = dt.date(2026, 1, 31)


def decision(a: str, b: str, verdict: str, why: str = "same voice") -> Decision:
    return Decision(a, b, verdict, "Eva", DAY, why)  # type: ignore[arg-type]


def test_reads_back_what_was_decided_in_order(tmp_path: Path) -> None:
    made = [decision("crm:7", "core:1", "same", 'said "yes",\nthen no'),
            decision("core:1", "core:2", "different", "王 said so")]  # fmt: skip
    for one in made:
        add_decision(tmp_path / "decisions.csv", one)
    assert list(read_decisions(tmp_path / "decisions.csv")) == made


def test_the_last_word_on_a_pair_counts_in_whatever_order_it_is_named() -> None:
    first, last = decision("a", "b", "same"), decision("b", "a", "different")
    assert latest([first, last]) == {("a", "b"): "different"}
    assert latest([first, last, decision("a", "b", "undecided")]) == {}


def test_no_file_is_no_decision(tmp_path: Path) -> None:
    assert read_decisions(tmp_path / "none.csv") == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("a,b,maybe,Eva,2026-01-31,why", "line 2 must decide same or different"),
        ("a,b,same,,2026-01-31,why", "line 2 must fill"),
        ("a,b,same,Eva,31.1.2026,why", "line 2 has no day"),
        ("a,a,same,Eva,2026-01-31,why", "line 2 names one record twice"),
        ("a,b,same", "line 2 must fill"),
    ],
)
def test_refuses_a_line_that_is_no_decision(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "decisions.csv"
    file.write_text(f"record_a,record_b,decision,by,when,why\n{line}\n", encoding="utf-8")
    with pytest.raises(DecisionsInvalid, match=fault):
        read_decisions(file)


def test_refuses_another_table(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("a;b;c\n", encoding="utf-8")
    with pytest.raises(DecisionsInvalid, match="the header must be"):
        read_decisions(tmp_path / "d.csv")


def test_never_adds_a_decision_that_it_could_not_read_again(tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    add_decision(file, decision("a", "b", "same"))
    before = file.read_bytes()
    with pytest.raises(DecisionsInvalid):
        add_decision(file, decision("a", "b", "same", why="  "))
    assert file.read_bytes() == before


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16", "utf-8"])
def test_reads_what_a_spreadsheet_saved(encoding: str, separator: str, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    lines = ["record_a,record_b,decision,by,when,why", "a,b,same,Prüfstelle 3,2026-01-05,passport"]
    text = "\r\n".join(lines).replace(",", separator) + "\r\n"
    file.write_bytes(text.encode(encoding))
    (read,) = read_decisions(file)
    assert (read.by, read.when) == ("Prüfstelle 3", dt.date(2026, 1, 5))
    add_decision(file, decision("a", "b", "different"))
    assert [one.by for one in read_decisions(file)] == ["Prüfstelle 3", "Eva"]


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + bytes(50), bytes(range(256)), b"", b'record_a,"record_b\n']
)
def test_refuses_a_file_that_is_no_text_of_decisions(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "decisions.csv"
    file.write_bytes(content)
    with pytest.raises(DecisionsInvalid):
        read_decisions(file)
