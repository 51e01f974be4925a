"""Random small banks whose dates crowd around the edges of a snapshot's windows."""

import datetime as dt

from hypothesis import strategies as st

from dated_bank import Row

SNAPSHOT = dt.date(2023, 1, 31)
KINDS = ("current", "savings")
_DAY = dt.timedelta(days=1)
# Ends and beginnings of the windows of six, eight and twelve months, of the three before the
# first and of the last three of the eight.
_EDGES = [
    SNAPSHOT, dt.date(2022, 1, 31), dt.date(2022, 10, 31), dt.date(2023, 6, 30),
    dt.date(2023, 7, 31), dt.date(2023, 9, 30), dt.date(2024, 1, 31),
]  # fmt: skip

Bank = dict[str, list[Row]]

days = st.one_of(
    st.builds(lambda edge, off: edge + off * _DAY, st.sampled_from(_EDGES), st.integers(-1, 1)),
    st.dates(dt.date(2021, 6, 1), dt.date(2024, 6, 1)),
)
moments = st.builds(
    dt.datetime.combine, days, st.sampled_from([dt.time(), dt.time(12), dt.time(23, 59, 59)])
)
_due = st.one_of(days, days.map(lambda day: day - 90 * _DAY))
_late = st.sampled_from([-30, 0, 30, 88, 89, 90, 91, 200])


@st.composite
def banks(draw: st.DrawFn, most_customers: int = 4) -> Bank:
    """Draw a bank with every table that default and attrition are told from."""
    bank: Bank = {
        "customers": [], "products": [{"product_id": kind, "kind": kind} for kind in KINDS],
        "accounts": [], "transactions": [], "loans": [], "instalments": [], "repayments": [],
    }  # fmt: skip
    for number in range(draw(st.integers(1, most_customers))):
        customer = f"c{number}"
        bank["customers"].append({"customer_id": customer, "onboarded_on": draw(days)})
        for _ in range(draw(st.integers(0, 2))):
            _add_account(draw, bank, customer)
        for moment in draw(st.lists(moments, max_size=4)):
            _add_transaction(draw, bank, customer, moment)
        for _ in range(draw(st.integers(0, 2))):
            _add_loan(draw, bank, customer)
    return bank


def _add_account(draw: st.DrawFn, bank: Bank, customer: str) -> None:
    opened_on, closed_on = draw(days), draw(st.none() | days)
    bank["accounts"].append(
        {
            "account_id": f"a{len(bank['accounts'])}",
            "customer_id": customer,
            "product_id": draw(st.sampled_from(KINDS)),
            "opened_on": opened_on,
            "closed_on": max(opened_on, closed_on) if closed_on else None,
        }
    )


def _add_transaction(draw: st.DrawFn, bank: Bank, customer: str, moment: dt.datetime) -> None:
    bank["transactions"].append(
        {
            "transaction_id": f"t{len(bank['transactions'])}",
            "customer_id": customer,
            "booked_at": moment,
            "channel": draw(st.sampled_from(["card", "branch", "system", "transfer"])),
            "direction": draw(st.sampled_from(["credit", "debit"])),
        }
    )


def _add_loan(draw: st.DrawFn, bank: Bank, customer: str) -> None:
    loan = {"loan_id": f"l{len(bank['loans'])}", "customer_id": customer}
    term = draw(st.integers(1, 24))
    bank["loans"].append(loan | {"granted_on": draw(days), "term_months": term})
    for due_on in draw(st.lists(_due, max_size=3)):
        number = f"i{len(bank['instalments'])}"
        bank["instalments"].append(
            loan | {"instalment_id": number, "due_on": due_on, "amount_minor": 100}
        )
        for late in draw(st.lists(_late, max_size=2)):
            bank["repayments"].append(
                {
                    "repayment_id": f"r{len(bank['repayments'])}",
                    "instalment_id": number,
                    "customer_id": customer,
                    "paid_on": due_on + late * _DAY,
                    "amount_minor": draw(st.sampled_from([50, 99, 100])),
                }
            )
