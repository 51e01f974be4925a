"""The extracts tell the story of the truth: balances add up, defaults show, drift is seen."""

from typing import Any

import numpy as np
import pandas as pd

from harbour.numbers import client_no
from harbour.service import interactions
from harbour.world import World
from limner.portfolios.harbour import PORTFOLIO

# Rows that were broken on purpose have keys far above all others.
TRUE_ROWS = "TRY_CAST(transaction_id AS BIGINT) < 7000000000000000"


def test_every_balance_is_the_one_before_plus_the_amount(bank: Any) -> None:
    rows = bank.rows(
        "SELECT account_id, balance_minor, CASE direction WHEN 'credit' THEN amount_minor ELSE"
        f" -amount_minor END AS moved FROM transactions WHERE {TRUE_ROWS}"
        " ORDER BY account_id, booked_at, TRY_CAST(transaction_id AS BIGINT)"
    )
    same = rows["account_id"].eq(rows["account_id"].shift())
    steps = rows["balance_minor"].diff()[same]
    assert len(steps) > 50_000
    assert (steps == rows["moved"][same]).all()


def test_nothing_is_booked_outside_the_life_of_its_account(bank: Any) -> None:
    outside = bank.rows(
        "SELECT t.* FROM transactions t JOIN accounts a USING (account_id)"
        f" WHERE {TRUE_ROWS} AND TRY_CAST(a.account_id AS BIGINT) < 7000000000000000"
        " AND (t.booked_at < a.opened_on OR t.booked_at >= a.closed_on + 1)"
    )
    assert outside.empty


def test_a_closed_account_ends_at_nothing(bank: Any) -> None:
    last = bank.rows(
        "SELECT arg_max(t.balance_minor, t.booked_at) AS balance_minor FROM transactions t"
        f" JOIN accounts a USING (account_id) WHERE {TRUE_ROWS} AND a.closed_on IS NOT NULL"
        " AND TRY_CAST(a.account_id AS BIGINT) < 7000000000000000 GROUP BY account_id"
    )
    assert len(last) > 30
    assert (last["balance_minor"] == 0).all()


def test_a_default_is_an_instalment_unpaid_90_days_after_it_fell_due(bank: Any) -> None:
    found = bank.rows(
        f"""
        WITH paid AS (
            SELECT i.customer_id, CAST(i.due_on AS DATE) + 90 AS late_on,
                any_value(CAST(i.amount_minor AS BIGINT)) AS due,
                sum(CAST(r.amount_minor AS BIGINT))
                    FILTER (TRY_CAST(r.paid_on AS DATE) < CAST(i.due_on AS DATE) + 90) AS paid
            FROM instalments i LEFT JOIN repayments r
                ON r.instalment_id = i.instalment_id AND length(r.repayment_id) < 16
            WHERE length(i.instalment_id) < 16
            GROUP BY i.instalment_id, i.customer_id, i.due_on
        )
        SELECT customer_id, date_trunc('month', min(late_on)) AS month FROM paid
        WHERE coalesce(paid, 0) < due AND late_on < DATE '{bank.settings.extract_day}'
        GROUP BY customer_id
        """
    )
    true = bank.known("persons").dropna(subset=["default_month"])
    assert len(true) >= 10
    assert dict(zip(found["customer_id"], found["month"].astype(str), strict=True)) == dict(
        zip(true["customer_id"], true["default_month"].astype(str), strict=True)
    )


def test_who_left_does_nothing_more(bank: Any) -> None:
    left = bank.known("persons").dropna(subset=["left_month"])
    bank.connection.register("leavers", left[["customer_id", "left_month"]])
    after = bank.rows(
        "SELECT category, channel FROM transactions JOIN leavers USING (customer_id)"
        f" WHERE {TRUE_ROWS} AND booked_at >= left_month"
    )
    visits = bank.rows(
        "SELECT 1 FROM digital_events JOIN leavers USING (customer_id) WHERE occurred_at >="
        " left_month AND TRY_CAST(event_id AS BIGINT) < 7000000000000000"
    )
    assert len(left) > 50
    # Only the payment of what was left.
    assert set(after["category"]) <= {"other"}
    assert len(after) <= 2 * len(left)
    assert visits.empty


def monthly(bank: Any, query: str) -> tuple[float, float]:
    """Means of a monthly figure before and from the drift on."""
    rows = bank.rows(f"SELECT month, value FROM ({query}) ORDER BY month")
    since = rows["month"].astype("datetime64[s]") >= np.datetime64(bank.settings.drift_from)
    return float(rows["value"][~since].mean()), float(rows["value"][since].mean())


def test_drift_is_seen_in_digital_use_and_cash(bank: Any) -> None:
    visits = (
        "SELECT date_trunc('month', occurred_at) AS month, count(*) / count(DISTINCT customer_id)"
        " AS value FROM digital_events WHERE TRY_CAST(event_id AS BIGINT) < 7000000000000000"
        " GROUP BY month"
    )
    cash = (
        "SELECT date_trunc('month', booked_at) AS month, avg((category = 'cash')::INT) AS value"
        f" FROM transactions WHERE {TRUE_ROWS} GROUP BY month"
    )
    before, since = monthly(bank, visits)
    assert since > 1.15 * before
    before, since = monthly(bank, cash)
    assert since < 0.85 * before


def test_the_new_card_replaces_the_old_one_on_the_day_of_the_drift(bank: Any) -> None:
    cards = bank.rows(
        "SELECT product_id, min(opened_on) AS first, max(opened_on) AS last FROM accounts WHERE"
        " product_id IN ('CRD01', 'CRD02') AND opened_on < DATE '2025-01-01'"
        " AND TRY_CAST(account_id AS BIGINT) < 7000000000000000 GROUP BY product_id"
    ).set_index("product_id")
    drift = np.datetime64(bank.settings.drift_from)
    assert cards.loc["CRD01", "last"] < drift <= cards.loc["CRD02", "first"]


def test_seasons_are_seen(bank: Any) -> None:
    shopping = bank.rows(
        "SELECT month(booked_at) AS month, sum(amount_minor) AS spent FROM transactions"
        f" WHERE {TRUE_ROWS} AND category = 'shopping' AND counterparty < '5'"
        " GROUP BY 1"
    ).set_index("month")["spent"]
    assert shopping[12] > 1.15 * shopping.drop(12).mean()


def test_under_stress_customers_gamble_overdraw_and_fall_behind(
    bank: Any, known: dict[str, pd.DataFrame]
) -> None:
    bank.connection.register(
        "months", bank.known("monthly")[["customer_id", "snapshot_date", "stress"]]
    )
    seen = bank.rows(
        "SELECT stress IN ('strained', 'distressed') AS stressed,"
        " avg((category = 'gambling')::INT) AS gambles, avg((balance_minor < 0)::INT) AS overdrawn"
        " FROM transactions t JOIN months m ON m.customer_id = t.customer_id"
        " AND m.snapshot_date = date_trunc('month', booked_at) + INTERVAL 1 MONTH"
        f" WHERE {TRUE_ROWS} GROUP BY stressed"
    ).set_index("stressed")
    assert seen.loc[True, "gambles"] > 3 * seen.loc[False, "gambles"]
    assert seen.loc[True, "overdrawn"] > 2 * seen.loc[False, "overdrawn"]
    months = known["monthly"]
    behind = (months["arrears"] != "none").groupby(months["stress"], observed=True).mean()
    assert behind["distressed"] > 5 * behind["calm"]


def test_leavers_complain_about_us_and_our_fees_more_than_others(world: World) -> None:
    cases = interactions(
        world.block, world.people, world.paths, world.arrears, world.pool.names
    ).to_pandas()
    leavers = client_no(world.people.number[world.paths.left < world.block.settings.months])
    leaves = cases["client"].str[1:].astype(int).isin(set(leavers))
    cross = cases["topic"].isin(["CMP", "FEE"])
    assert leaves.sum() > 1_000
    assert cross[leaves].mean() > 1.3 * cross[~leaves].mean()


def test_some_customers_have_no_account_and_break_nothing(bank: Any) -> None:
    without = bank.rows(
        "SELECT customer_id FROM customers WHERE system = 'core' AND customer_id NOT IN"
        " (SELECT customer_id FROM accounts WHERE customer_id IS NOT NULL)"
    )
    people = bank.known("persons")
    assert set(people.loc[~people["has_account"], "customer_id"]) <= set(without["customer_id"])
    assert 3 <= (~people["has_account"]).sum() <= 40


def test_no_extract_tells_the_truth(bank: Any) -> None:
    written = {column for extract in PORTFOLIO.extracts for column in extract.columns}
    hidden = {"persona", "resilience", "stress", "engagement", "person_id", "uplift", "treated"}
    assert not written & hidden
    assert all(hidden & set(bank.known(table)) for table in ("persons", "monthly", "uplift"))
    listed = {path.parent / path.name for path in bank.extract.rglob("*") if path.is_file()}
    promised = {path for e in PORTFOLIO.extracts for path in bank.extract.glob(e.location)}
    assert listed == promised
