"""How each extract is broken: every kind of fault that its form allows.

Parquet extracts hold no wrong types, apart from dates that they keep as numbers.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np

from harbour.block import Block
from harbour.faults import (
    DUPLICATE_KEY,
    DUPLICATE_ROW,
    Fault,
    Plant,
    Row,
)
from harbour.numbers import client_no

_NOBODY = 999_999_999_999
_LATER_DAYS = 45


def _set(kind: str, column: str, /, **values: Any) -> Fault:
    return Fault(kind, column, lambda row, day: values)


def _missing(column: str, /, **values: Any) -> Fault:
    return _set("missing required value", column, **values)


def _wrong_type(column: str, /, **values: Any) -> Fault:
    return _set("wrong type", column, **values)


def _not_allowed(column: str, /, **values: Any) -> Fault:
    return _set("value not allowed", column, **values)


def _out_of_range(column: str, /, **values: Any) -> Fault:
    return _set("out of range", column, **values)


def _dangling(column: str, /, **values: Any) -> Fault:
    return _set("dangling reference", column, **values)


def _future(column: str, extract_column: str, layout: str = "") -> Fault:
    """Date the row after the extract was drawn; a layout of numbers gives a number."""

    def later(row: Row, day: np.datetime64) -> Row:
        moment = dt.datetime.fromisoformat(str(day)) + dt.timedelta(days=_LATER_DAYS, hours=9)
        value: Any = row[extract_column]
        if isinstance(value, int):
            value = int(moment.strftime("%Y%m%d"))
        elif isinstance(value, str):
            value = moment.strftime(layout)
        else:
            value = moment if isinstance(value, dt.datetime) else moment.date()
        return {extract_column: value}

    return Fault("in the future", column, later)


def _before(column: str, later: str, earlier: str) -> Fault:
    """Let the end lie before the beginning."""

    def swapped(row: Row, day: np.datetime64) -> Row:
        start = row[earlier]
        if isinstance(start, int):
            return {later: start - 10_000}
        if isinstance(start, str):
            return {later: str(dt.date.fromisoformat(start) - dt.timedelta(days=400))}
        return {later: start - dt.timedelta(days=400)}

    return Fault("row rule broken", column, swapped)


def _twice(column: str, /, **values: Any) -> tuple[Fault, Fault]:
    return (_set(DUPLICATE_KEY, column, **values), Fault(DUPLICATE_ROW, column, lambda r, d: {}))


def _numbered(name: str, prefix: str | None = None) -> Any:
    """Give a fresh key in one column: a number, or text where there is a prefix."""

    def fresh(row: Row, number: int, block: Block) -> Row:
        return {name: number if prefix is None else f"{prefix}{number}"}

    return fresh


def _moment(name: str, separator: str) -> Any:
    """Give a moment at which no true row was recorded: at night, each another second."""

    def fresh(row: Row, number: int, block: Block) -> Row:
        start = dt.datetime.fromisoformat(str(block.calendar.start))
        count = number % 1_000_000
        moment = start + dt.timedelta(days=count // 10_000, seconds=count % 10_000)
        return {name: moment.isoformat(separator)}

    return fresh


def _other_holder(row: Row, number: int, block: Block) -> Row:
    place = (row["client_no"] - 1_000_001 - block.first + 37 + number % 11) % block.size
    return {"client_no": int(client_no(np.asarray(block.first + place)))}


def _day_key(row: Row) -> str:
    day = str(row["stmt_date"])
    return f"{row['card_token']}|{day[:4]}-{day[4:6]}-{day[6:]}"


def _consent_key(row: Row) -> str:
    purposes = {"PROF": "profiling", "CRED": "credit", "MKT": "marketing"}
    when = row["recorded_at"].replace("T", " ")
    prefix = "crm:K" if row["system"] == "crm" else "core:"
    purpose = purposes.get(row["purpose"], row["purpose"])
    return f"{prefix}{row['party_no']}|{purpose}|{when}"


PLANTS = {
    "core_clients": Plant("customers", lambda r: f"core:{r['client_no']}", _numbered("client_no"), (
        _missing("onboarded_on", opened=None), _not_allowed("sex", gender=9),
        _dangling("region_id", region_code="R99"), _before("onboarded_on", "opened", "birth"),
        _future("onboarded_on", "opened"), *_twice("customer_id", region_code="R01"),
    )),
    "crm_contacts": Plant("customers", lambda r: f"crm:{r['contact']}", _numbered("contact", "K"), (
        _missing("onboarded_on", since=""), _not_allowed("sex", salutation="Dr"),
        _wrong_type("onboarded_on", since="31/02/2023"), _wrong_type("birth_date", born="unknown"),
        _dangling("region_id", area="Atlantis"), _future("onboarded_on", "since", "%d/%m/%Y"),
        *_twice("customer_id", area="Lakeside"),
    )),
    "core_accounts": Plant("accounts", lambda r: str(r["account_no"]), _numbered("account_no"), (
        _missing("opened_on", opened=None), _dangling("customer_id", client_no=_NOBODY),
        _dangling("product_id", product_code="OLD77"), _before("closed_on", "closed", "opened"),
        _out_of_range("overdraft_limit_minor", overdraft=Decimal("-500.00")),
        _future("opened_on", "opened"), *_twice("account_id", overdraft=Decimal("750.00")),
    )),
    "core_holders": Plant(
        "account_holders", lambda r: f"{r['account_no']}|core:{r['client_no']}", _other_holder, (
        _missing("since", valid_from=None), _not_allowed("role", role_code="Z"),
        _dangling("account_id", account_no=_NOBODY), _future("since", "valid_from"),
        *_twice("account_id", role_code="A"),
    )),
    "core_transactions": Plant("transactions", lambda r: str(r["txn_no"]), _numbered("txn_no"), (
        _missing("booked_at", booked=None), _missing("amount_minor", amount=None),
        _not_allowed("category", purpose=9_999), _not_allowed("channel", channel=77),
        _not_allowed("direction", dc="X"), _out_of_range("amount_minor", amount=Decimal("-12.50")),
        _dangling("account_id", account_no=_NOBODY), _dangling("customer_id", client_no=_NOBODY),
        _future("booked_at", "booked"), *_twice("transaction_id", amount=Decimal("1.00")),
    )),
    "core_kyc": Plant("customer_facts", lambda r: f"core:{r['client_no']}|{r['recorded']}",
                      _moment("recorded", " "), (
        _not_allowed("marital_status", marital="?"), _wrong_type("income_minor", net_income="n/k"),
        _out_of_range("income_minor", net_income="-1.00"),
        _out_of_range("dependents", dependents="44"), _wrong_type("dependents", dependents="two"),
        _wrong_type("recorded_at", recorded="2023-13-45 10:00:00"),
        _dangling("customer_id", client_no=str(_NOBODY)),
        _future("recorded_at", "recorded", "%Y-%m-%d %H:%M:%S"),
        *_twice("customer_id", dependents="1"),
    )),
    "core_orders": Plant("standing_orders", lambda r: r["order_no"], _numbered("order_no", ""), (
        _missing("started_on", first_on=""), _wrong_type("amount_minor", amount="ten"),
        _not_allowed("purpose", purpose="Q"), _out_of_range("amount_minor", amount="-20,00"),
        _dangling("account_id", account_no=str(_NOBODY)),
        _before("ended_on", "last_on", "first_on"), _future("started_on", "first_on", "%Y-%m-%d"),
        *_twice("order_id", amount="33,00"),
    )),
    "cards_cards": Plant("cards", lambda r: str(r["card_token"]), _numbered("card_token"), (
        _missing("issued_on", issued=0), _wrong_type("issued_on", issued=20_231_345),
        _not_allowed("kind", type="XX"), _not_allowed("tier", tier=9),
        _out_of_range("limit_minor", limit_cents=-100), _before("closed_on", "closed", "issued"),
        _dangling("account_id", account_no=str(_NOBODY)), _future("issued_on", "issued"),
        *_twice("card_id", limit_cents=100_000),
    )),
    "cards_statements": Plant("card_statements", _day_key,
                              lambda r, number, block: {"stmt_date": r["stmt_date"] - 9}, (
        _missing("balance_minor", owed_cents=None),
        _wrong_type("statement_on", stmt_date=20_231_399),
        _out_of_range("limit_minor", limit_cents=-1), _dangling("card_id", card_token=_NOBODY),
        _set("row rule broken", "past_due_minor", owed_cents=100, overdue_cents=200),
        _future("statement_on", "stmt_date"),
        *_twice("card_id", owed_cents=12_345, overdue_cents=0),
    )),
    "loans_loans": Plant("loans", lambda r: r["loan_no"].removeprefix("L"),
                         _numbered("loan_no", "L"), (
        _missing("term_months", term=""), _wrong_type("principal_minor", principal="much"),
        _not_allowed("kind", kind="BOAT"), _out_of_range("principal_minor", principal="0,00"),
        _out_of_range("annual_rate", rate_pct="250,00"),
        _wrong_type("granted_on", granted="30.02.2023"),
        _dangling("account_id", account=f"{_NOBODY:016d}"),
        _future("granted_on", "granted", "%d.%m.%Y"), *_twice("loan_id", term="12"),
    )),
    "loans_schedule": Plant("instalments", lambda r: r["instalment_no"],
                            _numbered("instalment_no", ""), (
        _missing("due_on", due=""), _wrong_type("due_on", due="31.06.2023"),
        _out_of_range("amount_minor", amount="0,00"), _wrong_type("amount_minor", amount="12,3,4"),
        _dangling("loan_id", loan_no=f"L{_NOBODY}"), _future("due_on", "due", "%d.%m.%Y"),
        *_twice("instalment_id", amount="99,00"),
    )),
    "loans_receipts": Plant("repayments", lambda r: r["receipt_no"], _numbered("receipt_no", ""), (
        _missing("amount_minor", amount=""), _wrong_type("paid_on", paid="yesterday"),
        _out_of_range("amount_minor", amount="-5,00"),
        _dangling("instalment_id", instalment_no=str(_NOBODY)),
        _future("paid_on", "paid", "%d.%m.%Y"), *_twice("repayment_id", amount="77,00"),
    )),
    "app_events": Plant("digital_events", lambda r: str(r["event_no"]), _numbered("event_no"), (
        _missing("occurred_at", at=None), _not_allowed("kind", event="sys.heartbeat"),
        _not_allowed("device", agent="Fridge/1"), _out_of_range("seconds", dwell_ms=-5_000),
        _dangling("customer_id", client_no=_NOBODY), _future("occurred_at", "at"),
        *_twice("event_id", dwell_ms=7_000),
    )),
    "service_cases": Plant("interactions", lambda r: r["case_no"], _numbered("case_no", "T"), (
        _missing("occurred_at", started=""), _wrong_type("occurred_at", started="last week"),
        _not_allowed("channel", channel="FAX"), _not_allowed("topic", topic="XYZ"),
        _not_allowed("resolved", solved="?"), _dangling("customer_id", client=f"C{_NOBODY}"),
        _future("occurred_at", "started", "%Y-%m-%dT%H:%M"),
        *_twice("interaction_id", channel="CHAT", note="Sent twice."),
    )),
    "campaign_list": Plant("campaign_contacts", lambda r: r["contact_no"],
                           _numbered("contact_no", "CC"), (
        _missing("contacted_at", at=""), _wrong_type("contacted_at", at="20231399 0900"),
        _not_allowed("arm", arm="X"), _not_allowed("offer", offer="ZZ"),
        _dangling("customer_id", contact="K1"), _future("contacted_at", "at", "%Y%m%d %H%M"),
        *_twice("contact_id", channel="P"),
    )),
    # A key of its own is a contact that was never made: every broken answer dangles as well.
    "campaign_answers": Plant("campaign_responses", lambda r: r["contact_no"],
                              _numbered("contact_no", "CC"), (
        _dangling("contact_id"), _not_allowed("response", answer="MAYBE"),
        _missing("responded_at", at=""), _wrong_type("responded_at", at="soon"),
        *_twice("contact_id", answer="NO"),
    )),
    "consent_decisions": Plant("consents", _consent_key, _moment("recorded_at", "T"), (
        _missing("recorded_at", recorded_at=""),
        _wrong_type("recorded_at", recorded_at="in spring"),
        _not_allowed("purpose", purpose="SELL"), _not_allowed("decision", decision="7"),
        _dangling("customer_id", party_no=str(_NOBODY)),
        _future("recorded_at", "recorded_at", "%Y-%m-%dT%H:%M:%S"),
        *_twice("customer_id", decision="0"),
    )),
}  # fmt: skip
