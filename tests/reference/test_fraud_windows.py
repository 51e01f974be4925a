"""What is known before a card transaction: the mapping against the slowest obvious way."""

import datetime as dt
import math
from pathlib import Path

import pandas as pd
import pytest

from limner.intake.quarantine import Told
from made_transactions import KEY, described, made_transactions, taken_in

DELAY = 7
DAY = dt.timedelta(days=1)
WINDOWS = ((1, "1_day"), (7, "7_days"), (30, "30_days"))


@pytest.fixture(scope="module")
def transactions() -> pd.DataFrame:
    """Two months of few customers at few terminals, many at the same full hour."""
    return made_transactions(12, 6, 60, seed=5, a_day=1.5, grid="h", fraud=20.0)


@pytest.fixture(scope="module")
def facts(transactions: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    return described(transactions, tmp_path_factory.mktemp("facts"))


class Past:
    """All transactions as plain rows, to be looked through from the first to the last."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.rows = [
            (t.TX_DATETIME.to_pydatetime(), t.CUSTOMER_ID, t.TERMINAL_ID, t.TX_AMOUNT, t.TX_FRAUD)
            for t in table.itertuples()
        ]

    def facts_of(self, number: int) -> dict[str, float | None]:
        when, customer, terminal, _, _ = self.rows[number]
        known = when - DELAY * DAY
        found: dict[str, float | None] = {}
        for days, words in WINDOWS:
            own = [
                a for w, c, _, a, _ in self.rows if c == customer and when - days * DAY <= w < when
            ]
            at = [
                f
                for w, _, t, _, f in self.rows
                if t == terminal and known - days * DAY <= w < known
            ]
            found[f"customer_transactions_{words}"] = len(own)
            found[f"customer_mean_amount_{words}"] = sum(own) / len(own) if own else None
            found[f"terminal_transactions_{words}"] = len(at)
            found[f"terminal_fraud_rate_{words}"] = sum(at) / len(at) if at else None
            if days > 1:
                found[f"customer_largest_amount_{words}"] = max(own) if own else None
        in_30 = [(w, f) for w, _, t, _, f in self.rows
                 if t == terminal and known - 30 * DAY <= w < known]  # fmt: skip
        frauds, genuine = ([w for w, f in in_30 if f == value] for value in (1, 0))
        for name, moment in (
            ("terminal_days_since_first_known_fraud", min(frauds, default=None)),
            ("terminal_days_since_known_fraud", max(frauds, default=None)),
            ("terminal_days_since_known_genuine", max(genuine, default=None)),
        ):
            found[name] = (when - moment) / DAY if moment else None
        days_of = [w.date() for w, c, _, _, f in self.rows
                   if c == customer and f and w.date() < when.date() - DELAY * DAY]  # fmt: skip
        found["customer_days_since_known_fraud"] = (
            (when.date() - max(days_of)).days if days_of else None
        )
        return found


def test_every_fact_is_what_a_reader_counts_by_hand(
    transactions: pd.DataFrame, facts: pd.DataFrame
) -> None:
    assert len(facts) == len(transactions)
    assert transactions["TX_DATETIME"].duplicated().any(), "ties are what is hard"
    assert (facts["terminal_fraud_rate_30_days"] > 0).sum() > 50
    past = Past(transactions)
    for number, found in enumerate(facts.to_dict("records")):
        for name, expected in past.facts_of(number).items():
            value = found[name]
            if expected is None:
                assert pd.isna(value), (number, name)
            else:
                assert math.isclose(value, expected, rel_tol=1e-12, abs_tol=1e-9), (number, name)


def test_nothing_later_or_at_the_same_moment_is_known(
    transactions: pd.DataFrame, facts: pd.DataFrame, tmp_path: Path
) -> None:
    for share in (0.4, 0.7, 0.95):
        last = transactions["TX_DATETIME"].iloc[int(share * len(transactions))]
        before = transactions[transactions["TX_DATETIME"] < last]
        # One of those at that moment, and nothing after it.
        alone = transactions[transactions["TX_DATETIME"] == last].tail(1)
        again = described(pd.concat([before, alone]), tmp_path)
        expected = facts[facts["transaction_id"].isin(again["transaction_id"])]
        pd.testing.assert_frame_equal(again, expected.reset_index(drop=True), check_exact=True)


def test_a_fraud_is_not_known_before_the_delay_is_over(tmp_path: Path) -> None:
    times = [f"2018-05-{day:02} 12:00:00" for day in (1, 7, 8)] + ["2018-05-08 12:00:01"]
    table = pd.DataFrame(
        {"TRANSACTION_ID": range(4), "TX_DATETIME": times, "CUSTOMER_ID": [1, 2, 3, 4],
         "TERMINAL_ID": 7, "TX_AMOUNT": 10.0, "TX_FRAUD": [1, 0, 0, 0]}
    )  # fmt: skip
    found = described(table, tmp_path)
    # At seven days to the second it is not yet known; a second later it is.
    assert found["terminal_transactions_30_days"].tolist() == [0, 0, 0, 1]
    assert found["terminal_fraud_rate_30_days"].iloc[3] == 1
    sooner = described(table, tmp_path, Told(key=KEY, label_delay_days=6))
    assert sooner["terminal_transactions_30_days"].tolist() == [0, 0, 1, 1]


def test_the_order_of_the_file_changes_no_fact(
    transactions: pd.DataFrame, facts: pd.DataFrame, tmp_path: Path
) -> None:
    shuffled = described(transactions.sample(frac=1, random_state=3), tmp_path)
    assert shuffled["transaction_id"].tolist() != facts["transaction_id"].tolist()
    in_order = shuffled.sort_values("transaction_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(in_order, facts, check_exact=True)


def test_what_is_quarantined_is_nobodys_past(
    transactions: pd.DataFrame, facts: pd.DataFrame, tmp_path: Path
) -> None:
    rows = transactions.astype(str)
    broken = rows.iloc[[5, 300, 301, 302, 303, 304, 305]].copy()
    broken["TRANSACTION_ID"] = [f"{900_000 + i}" for i in range(len(broken))]
    changes = {"TX_AMOUNT": "-3.5", "TERMINAL_ID": "10000", "CUSTOMER_ID": " ",
               "TX_DATETIME": "soon", "TX_FRAUD": "2", "TRANSACTION_ID": "x"}  # fmt: skip
    for place, (column, value) in enumerate(changes.items()):
        broken.iloc[place, broken.columns.get_loc(column)] = value
    # Sent twice, and nothing tells which is right.
    copies = pd.concat([broken.iloc[[6]], broken.iloc[[6]].assign(TX_AMOUNT="1.0")])
    table = pd.concat([rows.iloc[:310], broken.iloc[:6], copies, rows.iloc[310:]])
    trusted, quarantine = taken_in(table, tmp_path)
    pd.testing.assert_frame_equal(trusted, facts, check_exact=True)
    assert quarantine["broken_rules"].map(list).tolist() == [
        ["amount: must be from 0 to 100,000"],
        ["terminal_id: must be known"],
        ["customer_id: must be known"],
        ["transacted_on: must be a date"],
        ["fraudulent: must be from 0 to 1"],
        ["transaction_id: must be an integer"],
        ["transaction_id: must be unique"],
        ["transaction_id: must be unique"],
    ]


def test_a_transaction_after_the_extracts_day_is_quarantined(tmp_path: Path) -> None:
    table = made_transactions(5, 3, 10, seed=1)
    told = Told(key=KEY, label_delay_days=DELAY, extract_day=dt.date(2018, 4, 8))
    trusted, quarantine = taken_in(table, tmp_path, told)
    assert trusted["transacted_on"].max() == dt.date(2018, 4, 8)
    assert len(quarantine) == (table["TX_DATETIME"] >= "2018-04-09").sum() > 0
    assert {rule for rules in quarantine["broken_rules"] for rule in rules} == {
        "transacted_on: must not lie after the extract's day"
    }


def test_no_id_of_a_customer_or_terminal_leaves_the_intake(
    transactions: pd.DataFrame, tmp_path: Path
) -> None:
    named = transactions.assign(
        CUSTOMER_ID="customer-" + transactions["CUSTOMER_ID"].astype(str),
        TX_AMOUNT=transactions["TX_AMOUNT"].where(transactions.index > 3, -1.0),
        TERMINAL_ID=transactions["TERMINAL_ID"] + 7770,
    )
    trusted, quarantine = taken_in(named, tmp_path)
    assert len(quarantine) == 4
    for file in ("trusted", "quarantine"):
        assert b"customer-" not in (tmp_path / file).read_bytes()
    assert trusted["customer_id"].str.fullmatch("[0-9a-f]{32}").all()
    assert trusted["terminal_id"].str.fullmatch("[0-9a-f]{32}").all()
    assert trusted["customer_id"].nunique() == named["CUSTOMER_ID"].nunique()
    assert not set(trusted["customer_id"]) & set(trusted["terminal_id"])
