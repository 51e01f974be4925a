"""The mapping of the Czech bank, on made-up files in the shape of the originals."""

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from limner.portfolios.berka import LOAN_STATUS, PORTFOLIO
from limner.portfolios.canonical import EVENT_TABLES, REQUIRED
from made_berka import (
    TRANS_HEADER,
    breaches,
    map_all,
    mapped,
    opened,
    with_rows,
    write_files,
)

ENGLISH_HEADER = TRANS_HEADER.replace('"', "")


def table(
    folder: Path, name: str, changes: dict[str, tuple[str, ...]] | None = None
) -> pd.DataFrame:
    with opened(write_files(folder, changes)) as connection:
        return mapped(connection, name)


def one(frame: pd.DataFrame, **where: str) -> dict[str, str | None]:
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1, f"{len(frame)} rows"
    row: dict[str, str | None] = frame.iloc[0].to_dict()
    return row


def test_maps_what_the_bank_has_and_lists_what_it_lacks() -> None:
    assert set(PORTFOLIO.mappings) == {
        "customers", "regions", "products", "accounts", "account_holders", "loans", "instalments",
        "cards", "transactions", "repayments",
    }  # fmt: skip
    assert set(PORTFOLIO.left_out) == {
        "customer_facts", "consents", "standing_orders", "card_statements", "digital_events",
        "interactions", "campaign_contacts", "campaign_responses",
    }  # fmt: skip
    assert set(REQUIRED) <= set(PORTFOLIO.mappings)
    assert set(EVENT_TABLES) & set(PORTFOLIO.mappings)


def test_the_originals_keep_every_promise_of_the_contracts(tmp_path: Path) -> None:
    assert breaches(map_all(write_files(tmp_path))) == set()


@pytest.mark.parametrize(
    ("name", "row", "broken"),
    [
        ("client.asc", '9;"701301";18', "customers.birth_date: no date"),
        ("client.asc", '9;"born";18', "customers.birth_date: no date"),
        # 18 has no account, so that nobody knows since when the bank knows them.
        ("client.asc", '18;"700101";18', "customers.onboarded_on: not known"),
        ("client.asc", '9;"700101";99', "customers.region_id: unknown reference"),
        ("account.asc", '9;1;"POPLATEK ROCNE";930101', "accounts.product_id: unknown reference"),
        ("account.asc", '9;1;"POPLATEK TYDNE";931301', "accounts.opened_on: no date"),
        ("account.asc", '9;1;"POPLATEK TYDNE";930101', "accounts.customer_id: not known"),
        ("account.asc", '1;18;"POPLATEK MESICNE";950325', "accounts: key not unique"),
        ("disp.asc", '9;1;2;"GUEST"', "account_holders.role: not allowed"),
        ("card.asc", '9;77;"gold";981016 00:00:00', "cards.customer_id: not known"),
        ("card.asc", '9;1;"platinum";981016 00:00:00', "cards.tier: not allowed"),
        ("card.asc", '9;1;"gold";981016 24:99:00', "cards.issued_on: no date"),
        ("loan.asc", '9;1;971212;12o00;12;1000.00;"A"', "loans.principal_minor: no integer"),
        ("loan.asc", '9;1;971212;12000;x;1000.00;"A"', "loans.term_months: no integer"),
        ("trans.asc", '9;1;950324;"PRIJEM";"VKLAD";1.005;1.00;"";;',
         "transactions.amount_minor: no integer"),
        ("trans.asc", '9;1;950324;"PRIJEM";"VKLAD";-1.00;1.00;"";;',
         "transactions.amount_minor: out of range"),
        ("trans.asc", '9;1;950324;"PRIJEM";"VKLAD";1.00;1,00;"";;',
         "transactions.balance_minor: no integer"),
        ("trans.asc", '9;1;950230;"PRIJEM";"VKLAD";1.00;1.00;"";;',
         "transactions.booked_at: no timestamp"),
        ("trans.asc", '9;1;950324;"DAR";"VKLAD";1.00;1.00;"";;',
         "transactions.direction: not allowed"),
        ("trans.asc", '9;1;950324;"PRIJEM";"POSTA";1.00;1.00;"SIPO";;',
         "transactions.channel: not allowed"),
        ("trans.asc", '9;1;950324;"PRIJEM";"VKLAD";1.00;1.00;"DARY";;',
         "transactions.category: not allowed"),
        ("trans.asc", '9;55;950324;"PRIJEM";"VKLAD";1.00;1.00;"";;',
         "transactions.account_id: unknown reference"),
        # The same key, another amount: which of the two is right, nobody knows.
        ("trans.asc", '1;1;950324;"PRIJEM";"VKLAD";1001.00;1000.00;"";;',
         "transactions: key not unique"),
        # Account 1 has no loan to repay.
        ("trans.asc", '9;1;950324;"VYDAJ";"PREVOD NA UCET";1.00;1.00;"UVER";"AB";11111',
         "repayments.instalment_id: not known"),
    ],
)  # fmt: skip
def test_a_broken_row_is_kept_and_breaks_its_contract(
    tmp_path: Path, name: str, row: str, broken: str
) -> None:
    assert broken in breaches(map_all(write_files(tmp_path, with_rows(name, row))))


def test_a_woman_born_in_month_62_is_born_in_december(tmp_path: Path) -> None:
    customers = table(tmp_path, "customers")
    woman, man = (one(customers, customer_id=f"core:{n}") for n in (1, 2))
    assert (woman["sex"], woman["birth_date"]) == ("female", "1970-12-13")
    assert (man["sex"], man["birth_date"]) == ("male", "1945-02-04")


def test_a_client_joins_with_the_first_account_they_own_or_may_use(tmp_path: Path) -> None:
    customers = table(tmp_path, "customers")
    # Client 2 owns accounts of 1993 and 1997, client 3 may use that of 1993.
    joined = customers.set_index("customer_id").onboarded_on
    assert joined.to_dict() == {
        "core:1": "1995-03-24", "core:2": "1993-02-26", "core:3": "1993-02-26",
    }  # fmt: skip


def test_the_customer_of_an_account_is_its_owner_and_holders_are_both(tmp_path: Path) -> None:
    tables = map_all(write_files(tmp_path))
    assert one(tables["accounts"], account_id="2")["customer_id"] == "core:2"
    assert set(tables["accounts"].product_id) == {
        "current_monthly", "current_weekly", "current_per_transaction",
    }  # fmt: skip
    holders = tables["account_holders"].query("account_id == '2'")
    assert dict(zip(holders.customer_id, holders.role, strict=True)) == {
        "core:2": "owner",
        "core:3": "authorised",
    }


def test_a_question_mark_of_a_district_is_not_known(tmp_path: Path) -> None:
    regions = table(tmp_path, "regions").set_index("region_id")
    assert regions.loc["69", ["unemployment_rate", "crimes_per_1000"]].tolist() == [None, None]
    assert regions.loc["18"].tolist() == [
        "Pisek", "70699", "0.653", "896800", "0.0283", "24.611381",
    ]  # fmt: skip


def test_never_believes_one_number_as_both_a_rate_and_a_count(tmp_path: Path) -> None:
    row = '70;"Jesenik";"north Moravia";42821;4;13;5;1;3;48.4;8173;3.08;7.01;124;3.08;1358'
    regions = table(tmp_path, "regions", with_rows("district.asc", row)).set_index("region_id")
    assert regions.loc["70", ["unemployment_rate", "crimes_per_1000"]].tolist() == [None, None]


@pytest.mark.parametrize(
    ("number", "meant"),
    [
        ("1", ("credit", "branch", "cash", "100000", None)),
        ("5", ("credit", "transfer", "other", "367900", "AB:41403269")),
        ("300", ("debit", "transfer", "loan", "337270", "ST:89597016")),
        ("302", ("credit", "system", "interest", "20", None)),
        ("303", ("debit", "system", "penalty", "1460", None)),
        ("304", ("debit", "system", "fees", "3000", None)),
        ("305", ("debit", "atm", "cash", "40000", None)),
        ("306", ("debit", "branch", "cash", "1070000", None)),
        ("307", ("debit", "transfer", "housing", "726600", "QR:13943797")),
        ("308", ("debit", "transfer", "insurance", "100", "QR:87464")),
        ("309", ("credit", "transfer", "pension", "551200", "QR:87464")),
        ("310", ("debit", "transfer", "other", "9800", "YZ:87144583")),
    ],
)
def test_each_czech_code_has_its_meaning(
    tmp_path: Path, number: str, meant: tuple[str | None, ...]
) -> None:
    row = one(table(tmp_path, "transactions"), transaction_id=number)
    names = ("direction", "channel", "category", "amount_minor", "counterparty")
    assert tuple(row[name] for name in names) == meant


CZECH_AND_ENGLISH = [
    ('"PRIJEM";"VKLAD"', "credit;credit in cash", "", ""),
    ('"PRIJEM";"PREVOD Z UCTU"', "credit;collection from another bank", "DUCHOD",
     "old-age pension"),
    ('"VYDAJ";"VYBER"', "withdrawal;withdrawal in cash", "SIPO", "household"),
    ('"VYBER";"VYBER"', "withdrawal in cash;withdrawal in cash", " ", ""),
    ('"VYDAJ";"VYBER KARTOU"', "withdrawal;credit card withdrawal", "", ""),
    ('"VYDAJ";"PREVOD NA UCET"', "withdrawal;remittance to another bank", "POJISTNE",
     "insurrance payment"),
    ('"VYDAJ";"PREVOD NA UCET"', "withdrawal;remittance to another bank", "UVER", "loan payment"),
    ('"VYDAJ";"VYBER"', "withdrawal;withdrawal in cash", "SLUZBY", "payment for statement"),
    ('"VYDAJ";"VYBER"', "withdrawal;withdrawal in cash", "SANKC. UROK",
     "sanction interest if negative balance"),
    ('"PRIJEM";""', "credit;", "UROK", "interest credited"),
]  # fmt: skip


@pytest.mark.parametrize(("czech", "english", "symbol", "purpose"), CZECH_AND_ENGLISH)
def test_a_transaction_in_both_parts_is_one_whatever_the_language(
    tmp_path: Path, czech: str, english: str, symbol: str, purpose: str
) -> None:
    parts = {
        "trans.asc": (),
        "trans_1993.asc": (TRANS_HEADER, f'7;2;940131;{czech};12.50;9.00;"{symbol}";;'),
        "trans_loans.csv": (ENGLISH_HEADER, f"7;2;940131;{english};12.50;9.00;{purpose};;"),
    }
    tables = map_all(write_files(tmp_path, parts))
    assert tables["transactions"].transaction_id.tolist() == ["7"]
    assert tables["repayments"].repayment_id.tolist() == (["7"] if symbol == "UVER" else [])
    assert breaches(tables) == set()


def test_the_whole_file_and_its_parts_together_count_once(tmp_path: Path) -> None:
    whole = map_all(write_files(tmp_path / "whole"))["transactions"]
    parts = {"trans_1993.asc": (TRANS_HEADER, '1;1;950324;"PRIJEM";"VKLAD";1000.00;1000.00;"";;')}
    both = map_all(write_files(tmp_path / "both", parts))["transactions"]
    pd.testing.assert_frame_equal(both, whole)


@pytest.mark.parametrize("name", ["trans.asc.zip", "trans.txt", "trans.asc.orig"])
def test_never_reads_a_stray_file_as_transactions(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04")
    assert len(table(tmp_path, "transactions")) == 14


@settings(max_examples=30)
@given(st.lists(st.integers(-(10**13), 10**13), min_size=1))
def test_money_becomes_hellers_exactly(hellers: list[int]) -> None:
    rows = (
        f'{n};1;950324;"PRIJEM";"VKLAD";1.00;{Decimal(amount) / 100:.2f};"";;'
        for n, amount in enumerate(hellers, 1000)
    )
    with TemporaryDirectory() as folder:
        found = table(Path(folder), "transactions", with_rows("trans.asc", *rows))
    balances = found.set_index("transaction_id").balance_minor
    assert [balances[str(n)] for n in range(1000, 1000 + len(hellers))] == list(map(str, hellers))


@pytest.mark.parametrize(
    ("text", "hellers"), [("12", "1200"), ("12.5", "1250"), ("-0.05", "-5"), ("0.00", "0")]
)
def test_money_may_have_fewer_decimals(tmp_path: Path, text: str, hellers: str) -> None:
    row = f'999;1;950324;"PRIJEM";"VKLAD";1.00;{text};"";;'
    found = table(tmp_path, "transactions", with_rows("trans.asc", row))
    assert one(found, transaction_id="999")["balance_minor"] == hellers


def test_a_plan_is_due_on_the_12th_from_the_first_12th_after_granting(tmp_path: Path) -> None:
    plan = table(tmp_path, "instalments")
    early = plan[plan.loan_id == "4959"]
    assert early.due_on.iloc[[0, 1, -1]].tolist() == ["1994-01-12", "1994-02-12", "1995-12-12"]
    assert early.instalment_id.iloc[[0, -1]].tolist() == ["4959-1", "4959-24"]
    # Granted on a 12th, so that the next one is the first.
    late = plan[plan.loan_id == "4960"]
    assert late.due_on.iloc[[0, -1]].tolist() == ["1998-01-12", "1998-12-12"]


def test_a_plan_adds_up_to_the_loan(tmp_path: Path) -> None:
    tables = map_all(write_files(tmp_path))
    due = tables["instalments"].amount_minor.astype(int).groupby(tables["instalments"].loan_id)
    assert due.sum().to_dict() == {"4959": 80_952_00, "4960": 36_000_00}
    assert due.count().to_dict() == {"4959": 24, "4960": 12}


def test_repayments_pay_the_oldest_instalment_first(tmp_path: Path) -> None:
    # Nothing was paid in January: February's payment is January's, late.
    rows = (
        TRANS_HEADER,
        '12;2;940312;"VYDAJ";"PREVOD NA UCET";3372.70;0.00;"UVER";"ST";89597016',
        '99;2;940212;"VYDAJ";"PREVOD NA UCET";3372.70;0.00;"UVER";"ST";89597016',
        '98;2;940112;"VYDAJ";"PREVOD NA UCET";3372.70;0.00;"SIPO";"ST";89597016',
    )
    paid = table(tmp_path, "repayments", {"trans.asc": rows}).set_index("paid_on")
    assert paid.instalment_id.to_dict() == {"1994-02-12": "4959-1", "1994-03-12": "4959-2"}
    assert set(paid.customer_id) == {"core:2"}


def test_an_instalment_is_never_left_short_by_rounding(tmp_path: Path) -> None:
    tables = map_all(write_files(tmp_path))
    due = tables["instalments"].set_index("instalment_id").amount_minor
    paid = tables["repayments"].set_index("instalment_id").amount_minor
    assert paid.to_dict() == due[paid.index].to_dict() == {"4959-1": "337300", "4959-2": "337300"}


def test_a_repayment_beyond_the_plan_has_no_instalment(tmp_path: Path) -> None:
    rows = [
        f'{n};3;9801{n};"VYDAJ";"PREVOD NA UCET";3000.00;0.00;"UVER";"ST";1' for n in range(10, 23)
    ]
    tables = map_all(write_files(tmp_path, with_rows("trans.asc", *rows)))
    assert breaches(tables) == {"repayments.instalment_id: unknown reference"}


def test_a_card_is_the_clients_who_may_use_the_account(tmp_path: Path) -> None:
    card = one(table(tmp_path, "cards"), card_id="7")
    assert card == {
        "card_id": "7", "customer_id": "core:1", "account_id": "1", "kind": "debit",
        "tier": "gold", "issued_on": "1998-10-16", "closed_on": None, "limit_minor": None,
    }  # fmt: skip


def test_how_a_loan_ended_is_an_outcome(tmp_path: Path) -> None:
    with opened(write_files(tmp_path)) as connection:
        rows = connection.execute(PORTFOLIO.mapping(LOAN_STATUS.table)).fetchall()
    assert rows == [
        ("4959", "core:2", "1994-01-05", "A", 0),
        ("4960", "core:2", "1997-12-12", "D", 1),
    ]


@pytest.mark.parametrize("status", "ABCD")
def test_how_a_loan_ended_reaches_no_canonical_table(tmp_path: Path, status: str) -> None:
    loans = with_rows("loan.asc", f'5000;1;960101;12000;12;1000.00;"{status}"')
    otherwise = with_rows("loan.asc", '5000;1;960101;12000;12;1000.00;"?"')
    known = map_all(write_files(tmp_path / "known", loans))
    hidden = map_all(write_files(tmp_path / "hidden", otherwise))
    for name, frame in known.items():
        pd.testing.assert_frame_equal(frame, hidden[name])
