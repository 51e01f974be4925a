"""What each system writes down of a block, in its own codes, dates and units."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Flags, Ints, Texts, happens
from harbour.campaigns import NO_ANSWER, TAKEN
from harbour.cashflow import rents
from harbour.consents import decisions
from harbour.digital import digital_events
from harbour.holdings import accounts_of, cards_of, joint_holders, orders_of
from harbour.loans import HOME
from harbour.numbers import (
    ACCOUNT_SLOT,
    CURRENT,
    SAVINGS,
    TWICE,
    account_no,
    card_no,
    client_no,
    loan_no,
)
from harbour.personas import PRODUCTS
from harbour.reference import PRODUCT_CATALOGUE, REGIONS, region_codes
from harbour.service import interactions
from harbour.statements import card_statements
from harbour.transactions import transactions_of
from harbour.world import World, first_contact

CAMPAIGNS = ("SPRING-CARD", "TERM-PLUS", "SAFE-HOME")
_OFFER_CODES = ("CC", "TD", "INS")
_NO_PHONE_IN_CORE = 0.5


def extracts_of(world: World) -> Iterator[tuple[str, str, Any]]:
    """Give each extract's name, its part (empty where there is one file) and its rows."""
    for label, rows in transactions_of(world.block, world.entries, world.balances):
        yield "core_transactions", label, rows
    for label, rows in digital_events(world.block, world.people, world.paths, world.wishes()):
        yield "app_events", label, rows
    for name, write in _WRITERS.items():
        yield name, "", write(world)


def _clients(world: World) -> Any:
    core = world.core
    name = np.char.add(np.char.add(core.names.given, " "), core.names.family)
    return formats.table(
        client_no=core.id,
        birth=formats.dates(core.birth),
        gender=np.where(core.female, 2, 1).astype(np.int8),
        opened=formats.dates(core.since),
        region_code=region_codes()[core.region],
        full_name=name,
        id_card=core.names.national,
        mobile=formats.phone_groups(np.where(phones_unknown(world), "", core.names.phone)),
        mail=_known(core.names.email),
        street=core.names.street,
        zip=core.names.postcode,
    )


def phones_unknown(world: World) -> Flags:
    """Core records whose phone was left out at random."""
    share = world.block.settings.missing_share * _NO_PHONE_IN_CORE
    return happens(world.block.draw("core phones"), np.full(len(world.core), share))


def _known(text: Texts) -> Any:
    return pa.array(text, mask=text == "")


def _accounts(world: World) -> Any:
    drift_on = np.datetime64(world.block.settings.drift_from)
    made = accounts_of(world.people, world.holdings, drift_on)
    number = world.people.number[made.owner]
    codes = np.array([product.code for product in PRODUCT_CATALOGUE])
    # A client kept twice has an old savings book under the second number.
    second = np.flatnonzero(world.core.id > TWICE)
    books = world.core.id[second]
    opened = np.concatenate([made.opened_on, world.core.since[second]])
    none = np.full(len(second), np.datetime64("NaT", "D"))
    return formats.table(
        account_no=np.concatenate([account_no(number, made.slot),
                                   account_no(books, SAVINGS)]),
        client_no=np.concatenate([client_no(number), books]),
        product_code=np.concatenate([codes[made.product], np.repeat("SAV01", len(second))]),
        opened=formats.dates(opened),
        closed=formats.dates(np.concatenate([made.closed_on, none])),
        overdraft=formats.money(np.concatenate([made.overdraft, np.zeros(len(second), np.int64)])),
    )  # fmt: skip


def _holders(world: World) -> Any:
    owner, other, joint, since = joint_holders(world.block, world.people)
    return formats.table(
        account_no=account_no(world.people.number[owner], CURRENT),
        client_no=client_no(world.people.number[other]),
        role_code=formats.texts(("A", "J"), joint),
        valid_from=formats.dates(since),
    )


def _kyc(world: World) -> Any:
    facts, people = world.facts, world.people
    owner = facts.owner
    residence = np.where(facts.no_residence, -1, people.residence[owner])
    education = np.where(facts.no_education, -1, people.education[owner])
    return formats.table(
        client_no=formats.number_text(client_no(people.number[owner])),
        recorded=formats.moment_text(facts.at, "%Y-%m-%d %H:%M:%S"),
        marital=formats.texts(("S", "M", "D", "W"), people.marital[owner]),
        education=formats.texts(("1", "2", "3"), education),
        employment=formats.texts(("EMP", "SLF", "RET", "STU", "UNE"), facts.employment),
        net_income=formats.decimal_text(facts.income, known=~facts.no_income),
        dependents=formats.number_text(people.dependents[owner]),
        housing=formats.texts(("R", "O", "M", "X"), residence),
    )


def _orders(world: World) -> Any:
    made = orders_of(world.block, world.people, world.holdings, rents(world.people))
    number = world.people.number[made.owner]
    return formats.table(
        order_no=formats.number_text(number * 10 + made.purpose, 12),
        account_no=formats.number_text(account_no(number, CURRENT)),
        client_no=formats.number_text(client_no(number)),
        purpose=formats.texts(("R", "I", "S"), made.purpose),
        amount=formats.decimal_text(made.amount, ","),
        first_on=formats.day_text(made.started_on, "%Y-%m-%d"),
        last_on=formats.day_text(made.ended_on, "%Y-%m-%d"),
    )


def _cards(world: World) -> Any:
    made = cards_of(world.block, world.people, world.holdings)
    number = world.people.number[made.owner]
    slot = np.where(made.credit == 1, ACCOUNT_SLOT["card"], CURRENT)
    return formats.table(
        card_token=card_no(number, made.credit),
        client_no=client_no(number),
        account_no=formats.number_text(account_no(number, slot), 16),
        type=formats.texts(("DB", "CR"), made.credit),
        tier=made.tier.astype(np.int8),
        issued=formats.day_numbers(made.issued_on).astype(np.int32),
        closed=formats.day_numbers(made.closed_on).astype(np.int32),
        limit_cents=pa.array(made.limit, mask=made.credit == 0),
    )


def _statements(world: World) -> Any:
    made = card_statements(world.block, world.people, world.paths, world.holdings)
    number = world.people.number[made.owner]
    return formats.table(
        card_token=card_no(number, 1),
        client_no=client_no(number),
        stmt_date=formats.day_numbers(made.on).astype(np.int32),
        owed_cents=made.balance,
        limit_cents=made.limit,
        overdue_cents=made.past_due,
    )


def _padded_client(number: Ints) -> Any:
    return formats.number_text(client_no(number), 12)


def _loan_numbers(world: World) -> Ints:
    number = world.people.number[world.loans.owner]
    return loan_no(number, (world.loans.kind == HOME).astype(np.int64))


def _instalment_numbers(world: World) -> Ints:
    loan = world.plan.loan
    passed = world.plan.month - world.loans.granted[loan]
    return _loan_numbers(world)[loan] * 1_000 + passed


def _loans(world: World) -> Any:
    made, number = world.loans, world.people.number[world.loans.owner]
    points = np.rint(made.rate * 10_000).astype(np.int64)
    return formats.table(
        loan_no=formats.number_text(_loan_numbers(world), prefix="L"),
        client=_padded_client(number),
        account=formats.number_text(account_no(number, CURRENT), 16),
        kind=formats.texts(("AUTO", "CONS", "HOME"), made.kind),
        granted=formats.day_text(made.granted_on, "%d.%m.%Y"),
        principal=formats.decimal_text(made.principal, ","),
        term=formats.number_text(made.term),
        rate_pct=formats.decimal_text(points, ","),
    )


def _schedule(world: World) -> Any:
    plan, loan = world.plan, world.plan.loan
    return formats.table(
        instalment_no=formats.number_text(_instalment_numbers(world)),
        loan_no=formats.number_text(_loan_numbers(world)[loan], prefix="L"),
        client=_padded_client(world.people.number[world.loans.owner[loan]]),
        due=formats.day_text(plan.due_on, "%d.%m.%Y"),
        amount=formats.decimal_text(world.loans.instalment[loan], ","),
    )


def _receipts(world: World) -> Any:
    made = world.repayments
    instalment = _instalment_numbers(world)[made.instalment]
    owner = world.loans.owner[world.plan.loan[made.instalment]]
    return formats.table(
        receipt_no=formats.number_text(instalment * 10 + made.part),
        instalment_no=formats.number_text(instalment),
        client=_padded_client(world.people.number[owner]),
        paid=formats.day_text(made.paid_on, "%d.%m.%Y"),
        amount=formats.decimal_text(made.amount, ","),
    )


def _contacts(world: World) -> Any:
    crm, names = world.crm, world.crm.names
    phone = formats.row_texts("0099/", _known(names.phone))
    labels = np.array([region.name for region in REGIONS])
    return formats.table(
        contact=formats.number_text(crm.id, prefix="K"),
        since=formats.day_text(crm.since, "%d/%m/%Y"),
        salutation=formats.texts(("Mr", "Ms"), crm.female.astype(np.int64)),
        given=names.given,
        surname=names.family,
        born=formats.day_text(crm.birth, "%d/%m/%Y"),
        id_no=_known(names.national),
        tel=phone,
        email=_known(names.email),
        street=names.street,
        zip=names.postcode,
        area=labels[crm.region],
    )


def campaign_numbers(world: World) -> Any:
    """Keys of the contacts of campaigns."""
    number = world.people.number[world.contacts.owner] * 4 + world.contacts.campaign
    return formats.number_text(number, prefix="CC")


def _contact_ids(world: World) -> Any:
    numbers = first_contact(world.crm, len(world.people))[world.contacts.owner]
    return formats.number_text(numbers, prefix="K")


def _campaign_list(world: World) -> Any:
    made = world.contacts
    return formats.table(
        contact_no=campaign_numbers(world),
        campaign=formats.texts(CAMPAIGNS, made.campaign),
        contact=_contact_ids(world),
        at=formats.moment_text(made.contacted_at, "%Y%m%d %H%M"),
        arm=formats.texts(("C", "T"), made.treated.astype(np.int64)),
        offer=formats.texts(_OFFER_CODES, made.campaign),
        channel=formats.texts(("A", "E", "M", "P"), made.channel),
    )


def _campaign_answers(world: World) -> Any:
    made = world.contacts
    product = np.array([PRODUCTS.index(p) for p in ("card", "term_deposit", "insurance")])
    bought = made.answer == TAKEN
    row = product[made.campaign]
    on = np.where(bought, world.holdings.taken_on[row, made.owner], made.answered_on)
    in_window = world.holdings.taken[row, made.owner] < world.block.settings.months
    rows = np.flatnonzero((made.answer != NO_ANSWER) & (in_window | ~bought))
    at = on[rows].astype(np.int64) * 86_400 + 12 * 3600
    return formats.table(
        contact_no=campaign_numbers(world).take(pa.array(rows)),
        contact=_contact_ids(world).take(pa.array(rows)),
        at=formats.moment_text(at, "%Y%m%d %H%M"),
        answer=formats.texts(("", "YES", "NO", "CMP"), made.answer[rows]),
    )


_WRITERS: dict[str, Callable[[World], Any]] = {
    "core_clients": _clients,
    "core_accounts": _accounts,
    "core_holders": _holders,
    "core_kyc": _kyc,
    "core_orders": _orders,
    "cards_cards": _cards,
    "cards_statements": _statements,
    "loans_loans": _loans,
    "loans_schedule": _schedule,
    "loans_receipts": _receipts,
    "crm_contacts": _contacts,
    "service_cases": lambda world: interactions(
        world.block, world.people, world.paths, world.arrears, world.pool.names
    ),
    "campaign_list": _campaign_list,
    "campaign_answers": _campaign_answers,
    "consent_decisions": lambda world: decisions(world.block, world.core, world.crm),
}


def reference_extracts(extract_day: str) -> Iterator[tuple[str, Any]]:
    """Give the extracts that do not grow with the bank."""
    yield "ref_products", _text_table(PRODUCT_CATALOGUE, ("product_code", "group_code", "label"))
    rows = [
        (r.code, r.name, r.inhabitants, f"{100 * r.urban_share:.1f}", f"{r.salary:.2f}",
         f"{100 * r.unemployment:.1f}", r.crimes)
        for r in REGIONS
    ]  # fmt: skip
    yield "ref_regions", _text_table(rows, (
        "region_code", "label", "inhabitants", "urban_pct", "mean_salary", "jobless_pct",
        "crimes_per_1000"))  # fmt: skip
    yield "delivery", pa.table({"extracted_on": [extract_day]})


def _text_table(rows: Any, names: tuple[str, ...]) -> Any:
    columns = zip(*rows, strict=True)
    return pa.table({name: [str(v) for v in column]
                     for name, column in zip(names, columns, strict=True)})  # fmt: skip
