"""True probabilities are right: what happens agrees with them within sampling error."""

import numpy as np
import pandas as pd
import pytest

from harbour.campaigns import with_offer

# Standard errors that a right figure may miss by; one test in 15,000 would.
FAR = 4.0


def miss(chance: pd.Series, happened: pd.Series) -> float:
    """How many standard errors the count of events lies from its expectation."""
    expected, variance = chance.sum(), (chance * (1 - chance)).sum()
    return float(abs(happened.astype(float).sum() - expected) / np.sqrt(variance))


def one_snapshot(months: pd.DataFrame, day: str) -> pd.DataFrame:
    return months[months["snapshot_date"].astype(str) == day]


FATES = [
    ("default_12m_probability", "defaulted_12m"),
    ("churn_6m_probability", "churned_6m"),
    *((f"takes_{product}_3m_probability", f"took_{product}_3m")
      for product in ("savings", "term_deposit", "investment", "insurance", "card", "loan")),
]  # fmt: skip


@pytest.mark.parametrize("day", ["2023-02-01", "2024-01-01", "2024-07-01", "2025-01-01"])
@pytest.mark.parametrize(("chance", "happened"), FATES, ids=lambda name: name)
def test_chances_are_calibrated(
    known: dict[str, pd.DataFrame], day: str, chance: str, happened: str
) -> None:
    rows = one_snapshot(known["monthly"], day).dropna(subset=[chance])
    assert len(rows) > 1_500
    assert rows[happened].notna().all()
    assert miss(rows[chance], rows[happened]) < FAR
    low = rows[chance] <= rows[chance].quantile(0.8)
    for part in (rows[low], rows[~low]):
        assert miss(part[chance], part[happened]) < FAR


def test_event_rates_are_those_of_a_bank(known: dict[str, pd.DataFrame]) -> None:
    rows = one_snapshot(known["monthly"], "2024-01-01")
    assert 0.02 < rows["defaulted_12m"].dropna().astype(float).mean() < 0.06
    assert 0.04 < rows["churned_6m"].mean() < 0.12
    assert 0.01 < rows["took_card_3m"].dropna().astype(float).mean() < 0.08


@pytest.mark.parametrize("campaign", [1, 2, 3])
def test_random_arms_show_the_true_uplift(known: dict[str, pd.DataFrame], campaign: int) -> None:
    rows = known["uplift"]
    rows = rows[rows["campaign"] == campaign]
    high = rows["uplift"] > rows["uplift"].median()
    assert abs(rows["treated"].mean() - 0.5) < FAR * 0.5 / np.sqrt(len(rows))
    for part in (rows, rows[high], rows[~high]):
        taken, control = (part.loc[part["treated"] == arm, "took_3m"] for arm in (True, False))
        error = np.sqrt(taken.var() / len(taken) + control.var() / len(control))
        assert abs(taken.mean() - control.mean() - part["uplift"].mean()) < FAR * error
    assert 0.1 < (rows["uplift"] < 0).mean() < 0.5
    chance = rows["chance_without_offer"] + rows["uplift"] * rows["treated"]
    for arm in (rows["treated"], ~rows["treated"]):
        assert miss(chance[arm], rows["took_3m"][arm]) < FAR


def test_some_offers_drive_customers_away(known: dict[str, pd.DataFrame]) -> None:
    rows = known["uplift"]
    rows = rows[rows["treated"] & (rows["uplift"] < 0)]
    assert rows["uplift"].mean() < -0.01
    assert miss(rows["chance_without_offer"] + rows["uplift"], rows["took_3m"]) < FAR


@pytest.mark.parametrize(("chance", "uplift"), [(0.3, 0.2), (0.3, -0.2), (0.02, 0.9), (0.5, 0)])
def test_an_offer_moves_the_chance_by_its_uplift(chance: float, uplift: float) -> None:
    draw, size = np.random.default_rng(3), 40_000
    own = draw.random(size) < chance
    takes = with_offer(draw, own, np.full(size, chance), np.full(size, uplift))
    assert miss(pd.Series(np.full(size, chance + uplift)), pd.Series(takes)) < FAR
    # No customer is moved both ways.
    assert not (takes < own).any() if uplift >= 0 else not (takes > own).any()


def test_women_are_refused_more_often_than_their_risk_warrants(
    known: dict[str, pd.DataFrame],
) -> None:
    rows = known["applications"].merge(known["persons"][["customer_id", "sex"]])
    women, men = rows[rows["sex"] == "female"], rows[rows["sex"] == "male"]
    assert (women["acceptance_probability"] < women["fair_acceptance_probability"]).all()
    assert np.allclose(men["acceptance_probability"], men["fair_acceptance_probability"])
    assert women["accepted"].mean() < men["accepted"].mean() - 0.05
    assert miss(rows["acceptance_probability"], rows["accepted"]) < FAR
    # Nothing in the truth makes women riskier.
    assert women["default_12m_probability"].mean() == pytest.approx(
        men["default_12m_probability"].mean(), abs=0.03
    )


def test_it_is_known_what_the_refused_would_have_done(known: dict[str, pd.DataFrame]) -> None:
    rows = known["applications"]
    assert miss(rows["default_12m_probability"], rows["would_default_12m"]) < FAR
    refused = rows[~rows["accepted"]]
    assert len(refused) > 300
    assert miss(refused["default_12m_probability"], refused["would_default_12m"]) < FAR


def test_income_of_some_women_is_recorded_too_low(known: dict[str, pd.DataFrame]) -> None:
    rows = known["bias"]
    told = rows["recorded_income_minor"] / rows["true_income_minor"]
    assert set(rows.loc[rows["under_recorded"], "sex"]) == {"female"}
    assert told[rows["under_recorded"]].mean() == pytest.approx(0.88, abs=0.005)
    assert told[~rows["under_recorded"]].mean() == pytest.approx(1.0, abs=0.005)


def test_values_go_missing_by_their_mechanism(known: dict[str, pd.DataFrame]) -> None:
    missing, people = known["missing"], known["persons"]
    assert dict(zip(missing["column"], missing["mechanism"], strict=True)) == {
        "education": "MCAR", "residence": "MAR", "income_minor": "MNAR", "phone": "MCAR",
    }  # fmt: skip
    rows = known["bias"].merge(people[["customer_id", "persona", "education"]])

    def share(column: str, among: pd.Series) -> float:
        count = missing[missing["column"] == column]["customer_id"]
        asked = rows[among]
        return float(count.isin(set(asked["customer_id"])).sum() / len(asked))

    affluent, family = rows["persona"] == "affluent", rows["persona"] == "family"
    assert share("income_minor", affluent) > 2 * share("income_minor", family)
    assert share("residence", rows["persona"] == "student") > 2 * share("residence", affluent)
    assert share("education", affluent) == pytest.approx(share("education", family), abs=0.03)


def test_the_hidden_state_moves_the_margin(known: dict[str, pd.DataFrame]) -> None:
    rows = known["monthly"].merge(known["persons"][["customer_id", "persona"]])
    margin = rows.groupby("persona", observed=True)["margin_minor"].median()
    assert margin["affluent"] > 3 * margin["student"]
