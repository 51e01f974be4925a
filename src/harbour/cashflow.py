"""What comes in and goes out of current accounts every month."""

import numpy as np

from harbour.arrays import Array, Flags, Floats, Ints, happens, whole
from harbour.balances import Balances, put_aside
from harbour.block import Block
from harbour.chains import DEFAULT, KEPT_HERE, Paths
from harbour.holdings import Holdings
from harbour.ledger import (
    EMPLOYERS,
    INSURERS,
    LANDLORDS,
    OWN,
    PEOPLE_PAID,
    UTILITIES,
    Entries,
    concatenated,
    entries,
    monthly_sums,
)
from harbour.loans import HOME, Arrears, Loans, Plan, Repayments
from harbour.people import People
from harbour.reference import CATEGORY, CHANNEL
from harbour.spending import spend

# Income by stress, for employees and for all others: the distressed have lost their work.
_EMPLOYEE_PAY = np.array([1.0, 1.0, 0.92, 0.55])
_OTHER_PAY = np.array([1.0, 0.96, 0.88, 0.75])
# Raise a year; from the drift on, pay by persona is lower: fewer hours, fewer orders.
_RAISE = 0.03
DRIFT_PAY = np.array([0.95, 0.92, 0.97, 0.85, 1.0, 1.0])
# Spent of the income by stress, and how much of that by resilience.
_SPENT = np.array([0.94, 0.99, 1.04, 1.20])
_SPENT_BY_RESILIENCE = np.array([1.03, 1.0, 0.90])
_HEATING = 0.35
FEE, PENALTY = 450, 1_500


def monthly_income(block: Block, people: People, paths: Paths) -> Floats:
    """True net income in minor units, shape (customers, months): what work and stress allow."""
    calendar, draw = block.calendar, block.draw("income")
    month = np.arange(calendar.months)
    stress = paths.stress[:, : calendar.months]
    employee = (people.employment == 0)[:, None]
    pay = np.where(employee, _EMPLOYEE_PAY[stress], _OTHER_PAY[stress])
    drift = np.where(month >= calendar.drift, DRIFT_PAY[people.persona][:, None], 1.0)
    uneven = np.exp(0.35 * draw.standard_normal(stress.shape))
    uneven = np.where((people.employment == 1)[:, None], uneven, 1.0)
    bonus = draw.random(len(people)) < 0.5
    december = (calendar.season(month) == 11) & bonus[:, None] & employee
    growth = (1 + _RAISE) ** (month / 12)
    return np.asarray(people.income[:, None] * growth * pay * drift * uneven * (1 + 0.6 * december))


def rents(people: People) -> Floats:
    """Monthly rent in minor units, 0 for those who own."""
    return np.where(people.residence == 0, whole(people.income * 0.26 / 500) * 500.0, 0.0)


def cash_flow(
    block: Block, people: People, paths: Paths, holdings: Holdings,
    loans: Loans, arrears: Arrears, plan: Plan, repayments: Repayments,
) -> tuple[Entries, Balances, Floats]:  # fmt: skip
    """Draw every movement of a block's customers.

    Returns:
        the movements in no order, month-end balances, and the true monthly income.
    """
    active = paths.active(people, block.settings.months)
    income = monthly_income(block, people, paths)
    shape = active.shape
    regular = concatenated([
        _fixed_costs(block, people, paths, active, holdings),
        _loan_payments(block, active, loans, plan, repayments),
    ])  # fmt: skip
    costs = -monthly_sums(regular, block.calendar.month_of(regular.at), shape)
    stress = paths.stress[:, : shape[1]]
    share = _SPENT[stress] * _SPENT_BY_RESILIENCE[people.resilience][:, None]
    kept = income * KEPT_HERE[paths.engagement[:, : shape[1]]]
    budget = np.maximum(share * kept - costs, 0.12 * kept)
    # What is owed from this account is still paid into it.
    paid_in = np.minimum(np.maximum(kept, costs + budget), np.maximum(income, kept))
    made = concatenated([
        regular,
        _earned(block, people, paths, active, paid_in),
        _paid_out_loans(block, loans, active),
        _fees(block, people, active, arrears),
        _opening(block, people),
        spend(block, people, paths, active, budget),
    ])  # fmt: skip
    net = monthly_sums(made, block.calendar.month_of(made.at), shape)
    moved, balances = put_aside(block, people, paths, holdings, active, net)
    return concatenated([made, moved]), balances, income


def _cells(active: Array) -> tuple[Ints, Ints]:
    owner, month = np.nonzero(active)
    return owner, month


def _earned(block: Block, people: People, paths: Paths, active: Flags, income: Floats) -> Entries:
    """Salary on the employer's day, pension on the 5th, fees of the self-employed any day."""
    calendar, draw = block.calendar, block.draw("earned")
    owner, month = _cells(active)
    employment = people.employment[owner]
    employer = people.number * 69_621 % 20_000
    state_pays = (paths.stress[owner, month] == 3) & (employment == 0)
    day = np.choose(employment, [25 + employer[owner] % 4, draw.integers(1, 28, len(owner)), 5, 1])
    kind = np.choose(
        employment, [CATEGORY["salary"]] * 2 + [CATEGORY["pension"], CATEGORY["other"]]
    )
    kind = np.where(state_pays, CATEGORY["other"], kind)
    payer = np.choose(employment, [employer[owner], draw.integers(0, 10**7, len(owner)) + 30_000,
                                   20_001, people.number[owner] + 50_000_000])  # fmt: skip
    payer = EMPLOYERS + np.where(state_pays, 20_002, payer)
    at = calendar.second(month, day, draw.integers(5 * 3600, 7 * 3600, len(owner)))
    return entries(owner, at, whole(income[owner, month]), "transfer", kind, payer)


def _fixed_costs(
    block: Block, people: People, paths: Paths, active: Flags, holdings: Holdings
) -> Entries:
    calendar, draw = block.calendar, block.draw("fixed")
    owner, month = _cells(active)
    rent = whole(rents(people))[owner]
    skipped = happens(draw, np.array([0.0, 0.0, 0.03, 0.2])[paths.stress[owner, month]])
    ordered = people.number[owner] % 10 < 7
    how = np.where(ordered, CHANNEL["standing_order"], CHANNEL["transfer"])
    winter = 1 + _HEATING * np.cos(calendar.season(month) * np.pi / 6)
    power = whole((4_000 + 0.025 * people.income[owner]) * winter)
    insured = holdings.holds("insurance", calendar.months)[owner, month]
    premium = whole(3_000 + 0.004 * people.income[owner]) * insured
    lives_alone = people.residence[owner] != 3
    number = people.number[owner]
    morning = draw.integers(4 * 3600, 6 * 3600, len(owner))
    return concatenated([
        entries(owner, calendar.second(month, 1 + number % 3, morning), -rent * ~skipped,
                how, "housing", LANDLORDS + number * 31 % 900_000),
        entries(owner, calendar.second(month, 4 + number % 9, morning + 60),
                -power * lives_alone, "direct_debit", "utilities", UTILITIES + number % 30),
        entries(owner, calendar.second(month, 15, morning + 120), -premium, "direct_debit",
                "insurance", INSURERS + number % 7),
    ])  # fmt: skip


def _loan_payments(
    block: Block, active: Flags, loans: Loans, plan: Plan, repayments: Repayments
) -> Entries:
    """Book repayments, where the borrower still banks here."""
    loan = plan.loan[repayments.instalment]
    owner = loans.owner[loan]
    at = repayments.paid_on.astype(np.int64) * 86_400 + 8 * 3600 + loan % 3600
    rows = np.flatnonzero(active[owner, block.calendar.month_of(at)])
    late = plan.paid[repayments.instalment] > plan.month[repayments.instalment]
    how = np.where(late, CHANNEL["transfer"], CHANNEL["direct_debit"])
    return entries(owner[rows], at[rows], -repayments.amount[rows], how[rows], "loan", OWN + 1)


def _paid_out_loans(block: Block, loans: Loans, active: Flags) -> Entries:
    """Pay new loans out, and most of the money on to a seller."""
    draw = block.draw("paid out")
    months = block.settings.months
    rows = np.flatnonzero((loans.granted >= 0) & (loans.kind != HOME))
    rows = rows[active[loans.owner[rows], np.minimum(loans.granted[rows], months - 1)]]
    owner, at = loans.owner[rows], loans.granted_on[rows].astype(np.int64) * 86_400 + 10 * 3600
    spent = whole(loans.principal[rows] * (0.80 + 0.18 * draw.random(len(rows))))
    seller = PEOPLE_PAID + draw.integers(0, 10**6, len(rows))
    return concatenated([
        entries(owner, at, loans.principal[rows], "system", "loan", OWN + 1),
        entries(owner, at + 3 * 3600, -spent, "transfer", "shopping", seller),
    ])  # fmt: skip


def _fees(block: Block, people: People, active: Flags, arrears: Arrears) -> Entries:
    """Account fees each quarter, and a penalty for every month that falls further behind."""
    calendar = block.calendar
    owner, month = np.nonzero(active & (calendar.season(np.arange(calendar.months)) % 3 == 2))
    quarterly = entries(owner, calendar.second(month, 28, 22 * 3600),
                        np.full(len(owner), -FEE), "system", "fees")  # fmt: skip
    state = arrears.state[:, : calendar.months]
    before = np.concatenate([np.zeros((len(people), 1), dtype=np.int64), state[:, :-1]], axis=1)
    owner, month = np.nonzero(active & (state > before) & (state < DEFAULT))
    penal = entries(owner, calendar.second(month, 28, 22 * 3600 + 60),
                    np.full(len(owner), -PENALTY), "system", "penalty")  # fmt: skip
    return concatenated([quarterly, penal])


def _opening(block: Block, people: People) -> Entries:
    """First deposit of those who join within the extracts."""
    owner = np.flatnonzero((people.joined >= 0) & people.has_account)
    at = people.joined_on[owner].astype(np.int64) * 86_400 + 12 * 3600
    amount = whole(people.income[owner] * 0.5 / 1_000) * 1_000
    return entries(owner, at, amount, "transfer", "other", OWN + 2)
