"""The handbook's own file: what is in it, and how good the model is on the weeks of July."""

import datetime as dt
import os
from pathlib import Path
from statistics import fmean

import pandas as pd
import pytest

from limner.delayed_samples import DatedRows, rounds, rows_of
from limner.models import find_spec
from limner.models.delayed_evaluation import evaluate_rounds
from limner.models.population import delayed_columns
from limner.portfolios import find_portfolio
from limner.stages.intake import told_of
from made_transactions import taken_in
from project import ROOT, settings

SHARED = Path(os.environ.get("LIMNER_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILE = SHARED / "fraud_handbook" / "transactions_2018-04_to_07.parquet"
PROTOCOL = settings().delayed_samples["fraud_handbook"]

pytestmark = pytest.mark.skipif(
    not FILE.is_file(),
    reason="no transactions of the Fraud Detection Handbook: set LIMNER_SHARED_DATA to a folder"
    " that has fraud_handbook/transactions_2018-04_to_07.parquet",
)


@pytest.fixture(scope="module")
def transactions() -> pd.DataFrame:
    return pd.read_parquet(FILE)


@pytest.fixture(scope="module")
def trusted(transactions: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """What intake trusts of the transactions from mid-May on: enough past for July."""
    late = transactions[transactions["TX_DATETIME"] >= "2018-05-12"]
    told = told_of(find_portfolio("fraud_handbook"), settings())
    kept, quarantined = taken_in(late, tmp_path_factory.mktemp("handbook"), told)
    assert quarantined.empty
    assert len(kept) == len(late)
    return kept


def test_removes_the_customers_whom_the_authors_own_words_remove(
    transactions: pd.DataFrame, trusted: pd.DataFrame
) -> None:
    spec = find_spec("card_fraud")
    columns = delayed_columns(find_portfolio("fraud_handbook"), spec)
    days = rounds(PROTOCOL)[-1]
    found = rows_of("fraud_handbook", DatedRows.of(trusted, columns), days, 0.2, 1)
    judged = set(trusted["transaction_id"].iloc[found.judged[~found.known]])
    day = transactions["TX_DATETIME"].dt.date
    fraud = transactions["TX_FRAUD"] == 1
    fitted = (day >= days.fitted_from) & (day < days.fitted_end)
    known = set(transactions.loc[fraud & fitted, "CUSTOMER_ID"])
    expected: set[int] = set()
    for offset in range(PROTOCOL.test_days):
        today = days.judged_from + dt.timedelta(days=offset)
        learnt = today - dt.timedelta(days=PROTOCOL.delay_days + 1)
        known |= set(transactions.loc[fraud & (day == learnt), "CUSTOMER_ID"])
        left = (day == today) & ~transactions["CUSTOMER_ID"].isin(known)
        expected |= set(transactions.loc[left, "TRANSACTION_ID"])
    assert judged == expected


def test_reaches_the_bar_on_the_weeks_of_july(trusted: pd.DataFrame) -> None:
    weeks = evaluate_rounds(find_spec("card_fraud"), trusted, PROTOCOL, settings(), str)
    assert [week.days.judged_from.isoformat() for week in weeks] == [
        "2018-07-04", "2018-07-11", "2018-07-18", "2018-07-25",
    ]  # fmt: skip
    assert fmean(week.left.average_precision for week in weeks) >= 0.68
    assert fmean(week.left.auc for week in weeks) >= 0.875
    assert all(week.left.rows < week.all_rows.rows for week in weeks)
