"""Every kind of fault in a bank's tables is quarantined with its rule, and nothing is lost."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import limner.intake.staging as staging_module
from limner.artifacts import sha256_of
from limner.engine import Connection, connect
from limner.errors import ContractBreach, EmptySample, RowsLost
from limner.intake.bank_intake import BankIntakeSettings, take_in_bank
from limner.intake.masking import shape_sql
from tiny_bank import (
    DAY,
    WRITERS,
    Row,
    account,
    bank_of,
    customer,
    good_rows,
    take_in,
    take_in_rows,
    transaction,
    with_mappings,
    write_csv_bank,
    write_parquet_bank,
)

FAULTS: list[tuple[str, Row, str]] = [
    ("transactions", transaction("x", "a1", "core:1", booked_at="2024-07-01 00:00:00"),
     "booked_at: must not lie after the extract's day"),
    ("transactions", transaction("x", "a1", "core:1", amount_minor="-1"),
     "amount_minor: must be from 0 to 1,000,000,000,000"),
    ("transactions", transaction("x", "a1", "core:1", channel="pigeon"),
     "channel: must be an allowed value"),
    ("transactions", transaction("x", "a1", "core:1", direction=None), "direction: must be known"),
    ("transactions", transaction("x", "a9", "core:1"), "account_id: must be a key of accounts"),
    ("transactions", transaction("x", "a1", "core:9"), "customer_id: must be a key of customers"),
    ("accounts", account("x", "core:1", closed_on="2021-02-28"),
     "row: must be closed after it is opened"),
    ("accounts", account("x", "core:1", opened_on="2024-07-01"),
     "opened_on: must not lie after the extract's day"),
    ("accounts", account("x", "core:7"), "customer_id: must be a key of customers"),
    ("customers", customer("x", onboarded_on="1980-02-29"), "row: must be onboarded after birth"),
    ("customers", customer("x", sex="unknown"), "sex: must be an allowed value"),
    ("customers", customer("x", region_id="r7"), "region_id: must be a key of regions"),
    ("regions", {"region_id": "x", "name": "Nowhere", "urban_share": "1.01"},
     "urban_share: must be from 0 to 1"),
]  # fmt: skip
# Only text can be of the wrong type.
TEXT_FAULTS: list[tuple[str, Row, str]] = [
    ("transactions", transaction("x", "a1", "core:1", amount_minor="12.50"),
     "amount_minor: must be an integer"),
    ("transactions", transaction("x", "a1", "core:1", booked_at="31/05/2024 10:20"),
     "booked_at: must be a timestamp"),
    ("transactions", transaction("x", "a1", "core:1", booked_at="2024-05-31 10:20:30+02"),
     "booked_at: must be a timestamp"),
    ("customers", customer("x", birth_date="1980-02-30"), "birth_date: must be a date"),
    ("regions", {"region_id": "x", "name": "N", "urban_share": "3/4"},
     "urban_share: must be a number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "table", "row", "rule"),
    [(form, *fault) for form in ("csv", "parquet", "sqlite") for fault in FAULTS]
    + [(form, *fault) for form in ("csv", "sqlite") for fault in TEXT_FAULTS],
    ids=str,
)
def test_a_faulty_row_is_quarantined_with_its_rule(
    tmp_path: Path, form: str, table: str, row: Row, rule: str
) -> None:
    rows = good_rows()
    before = len(rows[table])
    rows[table].append(row)
    taken = take_in_rows(tmp_path, rows, form)
    assert taken.broken(table) == {"x": [rule]}
    parts = taken.table(table).parts
    assert (parts.rows_in, parts.rows_trusted, parts.rows_quarantined) == (before + 1, before, 1)
    assert len(taken.trusted(table)) == before


def test_a_row_is_quarantined_with_every_rule_that_it_breaks(tmp_path: Path) -> None:
    rows = good_rows()
    rows["transactions"].append(
        transaction("t1", "a9", "core:9", amount_minor="-1", channel="x", category=None,
                    booked_at="2024-07-01")
    )  # fmt: skip
    assert take_in_rows(tmp_path, rows).quarantined("transactions")[1]["broken_rules"] == [
        "amount_minor: must be from 0 to 1,000,000,000,000",
        "channel: must be an allowed value",
        "category: must be known",
        "account_id: must be a key of accounts",
        "customer_id: must be a key of customers",
        "booked_at: must not lie after the extract's day",
        "transaction_id: must be unique",
    ]


def test_an_unknown_value_breaks_no_rule_but_that_it_be_known(tmp_path: Path) -> None:
    rows = good_rows()
    rows["customers"].append(
        {"customer_id": "core:3", "system": "crm", "onboarded_on": "2024-06-30"}
    )
    assert take_in_rows(tmp_path, rows).broken("customers") == {}


def test_copies_of_a_key_that_disagree_are_all_quarantined(tmp_path: Path) -> None:
    rows = good_rows()
    rows["accounts"] += [account(" a1 ", "core:1", opened_on="2021-03-02")]
    taken = take_in_rows(tmp_path, rows)
    assert [r["broken_rules"] for r in taken.quarantined("accounts")] == [
        ["account_id: must be unique"]
    ] * 2
    # Which of them is right is not known: nor then what belongs to it.
    assert taken.broken("transactions") == {
        t: ["account_id: must be a key of accounts"] for t in ("t1", "t2")
    }


def test_of_rows_that_were_sent_twice_one_is_kept(tmp_path: Path) -> None:
    rows = good_rows()
    rows["accounts"] += [rows["accounts"][0]] * 2
    taken = take_in_rows(tmp_path, rows)
    assert [r["account_id"] for r in taken.trusted("accounts")] == ["a1", "a2", "a3"]
    assert [r["broken_rules"] for r in taken.quarantined("accounts")] == [
        ["account_id: must be unique"]
    ] * 2
    assert taken.broken("transactions") == {}


def test_a_composite_key_is_unique_as_a_whole(tmp_path: Path) -> None:
    rows = good_rows()
    consent = {"customer_id": "core:1", "purpose": "credit", "decision": "given",
               "recorded_at": "2024-01-01 00:00:00"}  # fmt: skip
    rows["consents"] = [
        consent, consent | {"purpose": "marketing"}, consent | {"customer_id": "core:2"},
        consent | {"recorded_at": "2024-01-02"}, consent | {"decision": "withdrawn"},
    ]  # fmt: skip
    taken = take_in_rows(tmp_path, rows)
    assert sorted(r["decision"] for r in taken.quarantined("consents")) == ["given", "withdrawn"]
    assert taken.quarantined("consents")[0]["broken_rules"] == [
        "customer_id + purpose + recorded_at: must be unique"
    ]


def test_what_refers_to_a_quarantined_row_is_quarantined_too(tmp_path: Path) -> None:
    rows = good_rows()
    rows["customers"][0]["sex"] = "?"
    taken = take_in_rows(tmp_path, rows)
    assert set(taken.broken("accounts")) == {"a1"}
    assert set(taken.broken("transactions")) == {"t1", "t2"}
    assert taken.broken("transactions")["t1"] == [
        "account_id: must be a key of accounts", "customer_id: must be a key of customers",
    ]  # fmt: skip


def test_a_payment_plan_may_lie_after_the_extracts_day_and_an_event_may_not(
    tmp_path: Path,
) -> None:
    rows = good_rows()
    rows["loans"] = [
        {
            "loan_id": "l1",
            "customer_id": "core:1",
            "kind": "car",
            "granted_on": "2024-01-01",
            "principal_minor": "100",
            "term_months": "12",
        }
    ]
    rows["instalments"] = [{"instalment_id": "i1", "loan_id": "l1", "customer_id": "core:1",
                            "due_on": "2024-12-31", "amount_minor": "9"}]  # fmt: skip
    rows["repayments"] = [{"repayment_id": "p1", "instalment_id": "i1", "customer_id": "core:1",
                           "paid_on": "2024-12-31", "amount_minor": "9"}]  # fmt: skip
    taken = take_in_rows(tmp_path, rows)
    assert taken.broken("instalments") == {}
    assert taken.broken("repayments") == {"p1": ["paid_on: must not lie after the extract's day"]}


def test_customers_with_no_account_are_trusted_and_counted(tmp_path: Path) -> None:
    rows = good_rows()
    rows["customers"] += [customer("crm:1", system="crm"), customer("crm:2", system="crm")]
    taken = take_in_rows(tmp_path, rows)
    assert taken.table("customers").parts.rows_trusted == 4
    assert taken.intake.customers_without_account == 2


def test_stops_above_the_limit_and_leaves_what_was_there(bank_folder: Path) -> None:
    rows = good_rows()
    rows["transactions"] += [transaction("x", "a1", "core:1", amount_minor="-1")]
    bank, location = bank_of(rows), write_csv_bank(bank_folder / "extracts", rows)
    take_in(bank_folder, bank, location, limit=0.2)
    before = sha256_of(bank_folder / "intake")
    with pytest.raises(ContractBreach, match=r"transactions.amount_minor: 1 of 5 rows.*19.00%"):
        take_in(bank_folder, bank, location, limit=0.19)
    with pytest.raises(ContractBreach):
        take_in(bank_folder, bank, location, limit=0.5, limits={"transactions": 0.1})
    assert sha256_of(bank_folder / "intake") == before
    assert sorted(p.name for p in bank_folder.iterdir()) == ["extracts", "intake"]
    taken = take_in(bank_folder, bank, location, limit=0.0, limits={"transactions": 0.2})
    assert taken.table("transactions").limit == 0.2


def test_refuses_a_bank_without_a_customer(tmp_path: Path) -> None:
    rows = good_rows() | {"customers": []}
    with pytest.raises(EmptySample, match="customers"):
        take_in_rows(tmp_path, rows)


def test_a_table_of_a_header_only_is_taken_in_empty(tmp_path: Path) -> None:
    taken = take_in_rows(tmp_path, good_rows() | {"transactions": []})
    assert taken.table("transactions").parts.rows_in == 0
    assert taken.trusted("transactions") == taken.quarantined("transactions") == []


def test_stops_when_rows_are_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = staging_module.count
    monkeypatch.setattr(
        staging_module, "count", lambda c, r: real(c, r) - (r == staging_module.IS_TRUSTED)
    )
    with pytest.raises(RowsLost, match="1 rows in, but 0 trusted"):
        take_in_rows(tmp_path, good_rows())
    assert not (tmp_path / "intake").exists()


def test_a_mapping_is_run_once(tmp_path: Path) -> None:
    rows = good_rows()
    names = ", ".join(n for n in rows["transactions"][0] if n != "transaction_id")
    # A key made on the way differs each time; run twice, the parts would not match.
    mapping = f"SELECT CAST(gen_random_uuid() AS VARCHAR) AS transaction_id, {names}"
    rows["transactions"] += [transaction("x", "a9", "core:1")] * 3
    bank = with_mappings(bank_of(rows), transactions=f"{mapping} FROM core_transactions")
    taken = take_in(tmp_path, bank, write_csv_bank(tmp_path / "extracts", rows))
    keys = [r["transaction_id"] for r in taken.trusted("transactions")]
    keys += [r["transaction_id"] for r in taken.quarantined("transactions")]
    assert len(set(keys)) == 7


def test_tells_the_progress_of_each_table(tmp_path: Path) -> None:
    rows, told = good_rows(), []
    rows["transactions"].append(transaction("x", "a9", "core:1"))
    location = write_csv_bank(tmp_path / "extracts", rows)
    settings = BankIntakeSettings(DAY, 1.0)
    take_in_bank(bank_of(rows), location, tmp_path / "intake", settings, progress=told.append)
    assert told[-1] == "transactions: 5 rows in = 4 trusted + 1 quarantined"
    assert len(told) == 5


def test_a_memory_limit_changes_no_byte_and_leaves_nothing_spilled(tmp_path: Path) -> None:
    rows = good_rows()
    rows["transactions"] += [
        transaction(f"x{i}", "a1" if i % 50 else "a9", "core:1", counterparty=f"shop {i}")
        for i in range(2000)
    ]
    extracts = write_parquet_bank(tmp_path / "extracts", rows)
    for name, limit in (("a", None), ("b", "100MB")):
        settings = BankIntakeSettings(DAY, 1.0, threads=2, memory_limit=limit)
        take_in_bank(bank_of(rows, "parquet"), extracts, tmp_path / name, settings)
    assert sha256_of(tmp_path / "a") == sha256_of(tmp_path / "b")
    assert sorted(f.name for f in (tmp_path / "b").iterdir()) == ["broken", "quarantine", "staged"]


@pytest.mark.parametrize("form", list(WRITERS))
def test_equal_rows_give_an_equal_quarantine_in_any_order_on_any_number_of_threads(
    tmp_path: Path, form: str
) -> None:
    rows = good_rows()
    rows["transactions"] += [
        transaction(f"x{i}", f"a{i % 5}", "core:1", amount_minor=str(i % 7 - 1)) for i in range(500)
    ]
    hashes = set()
    for seed, threads in ((0, 1), (1, 1), (2, 2)):
        random.Random(seed).shuffle(rows["transactions"])
        taken = take_in_rows(tmp_path / str(seed), rows, form, threads=threads)
        assert taken.table("transactions").parts.rows_quarantined > 100
        hashes.add(sha256_of(taken.target / "quarantine"))
    assert len(hashes) == 1


def _taken_with(folder: Path, *faulty: tuple[str, Row], pseudonymise: Any = None) -> bytes:
    """Take in faulty rows with the default policy; all that the quarantine files hold."""
    from pyarrow.parquet import read_table

    rows = good_rows()
    for table, row in faulty:
        rows[table].append(row)
    location = write_csv_bank(folder / "extracts", rows)
    others = {"pseudonymise": pseudonymise} if pseudonymise else {}
    take_in_bank(bank_of(rows), location, folder / "q", BankIntakeSettings(DAY, 1.0), **others)
    files = sorted((folder / "q" / "quarantine").glob("*.parquet"))
    return repr([read_table(file).to_pylist() for file in files]).encode()


def test_a_quarantine_file_shows_no_name_phone_or_key(tmp_path: Path) -> None:
    shown = _taken_with(
        tmp_path,
        ("customers", customer("core:77", sex="?", full_name="Petr Svoboda", phone="777999555")),
        # Cells that slipped into other columns.
        ("customers", customer("core:78", system="Svoboda", sex="Petr Svoboda",
                               birth_date="800229/1234", onboarded_on="+420777999555")),
        ("regions", {"region_id": "r8", "name": "Svoboda", "urban_share": "777999555"}),
        ("transactions", transaction("t-77", "core:77", "core:1", channel="Svoboda",
                                     amount_minor="777999555777999")),
    )  # fmt: skip
    for secret in (b"Svoboda", b"Petr", b"777999555", b"800229", b"core:77", b"t-77", b"r8"):
        assert secret not in shown
    assert b"'***'" in shown
    assert b"'Aaaa Aaaaaaa'" in shown
    assert b"'999999/9999'" in shown


def test_a_quarantine_file_shows_the_pseudonyms_it_is_given(tmp_path: Path) -> None:
    def pseudonymise(connection: Connection) -> Any:
        connection.execute("CREATE TEMP MACRO pseudonym(text) AS 'P' || md5(text)")
        return lambda column, text: f"pseudonym({text})"

    shown = _taken_with(
        tmp_path, ("transactions", transaction("t-77", "a9", "core:1")), pseudonymise=pseudonymise
    )
    assert b"t-77" not in shown
    assert b"'P" in shown


def test_a_shape_keeps_what_mends_an_extract_and_nothing_else() -> None:
    texts = ["Jan Novák", "31/12/2024", "-12.5e3", "王小明", "ǅ", "Z9" * 40, ""]
    with connect() as connection:
        shapes = [
            connection.execute(f"SELECT {shape_sql('?')}", [text]).fetchone() for text in texts
        ]
    assert [s[0] for s in shapes if s] == [
        "Aaa Aaaaa", "99/99/9999", "-99.9a9", "aaa", "a", "A9" * 20, "",
    ]  # fmt: skip


def test_the_day_of_the_extract_decides_what_lies_in_the_future(tmp_path: Path) -> None:
    rows = good_rows()
    on_the_day = take_in_rows(tmp_path / "a", rows, day=date(2024, 6, 30))
    day_before = take_in_rows(tmp_path / "b", rows, day=date(2024, 6, 29))
    assert on_the_day.broken("transactions") == {}
    assert set(day_before.broken("transactions")) == {"t2"}
