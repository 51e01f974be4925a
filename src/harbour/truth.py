"""What only the maker knows, as tables; the package's docstring says what each holds."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from harbour import formats
from harbour.arrays import Flags, Ints, Texts
from harbour.campaigns import TAKEN
from harbour.chains import (
    ARREARS,
    DEFAULT,
    ENGAGEMENT,
    NEVER,
    STRESS,
    fall_behind,
)
from harbour.extracts import campaign_numbers, phones_unknown
from harbour.facts import under_recorded
from harbour.margin import monthly_margin
from harbour.numbers import client_no
from harbour.people import RESILIENCE
from harbour.personas import EDUCATION, PERSONAS, PRODUCTS, RESIDENCE
from harbour.probabilities import CHURN_WINDOW, DEFAULT_WINDOW, UPTAKE_WINDOW
from harbour.records import Records
from harbour.reference import region_codes
from harbour.uptake import acceptance
from harbour.world import World, first_contact

# Term by which the fate of those refused is worked out.
_TERM_OF_REFUSED = 48


def truth_of(world: World) -> Iterator[tuple[str, Any]]:
    """Give the name and rows of each table of truth about a block."""
    yield "persons", _persons(world)
    yield "monthly", _monthly(world)
    yield "uplift", _uplift(world)
    yield "applications", _applications(world)
    yield "identity", pa.concat_tables([_identity(world, world.core, "core"),
                                        _identity(world, world.crm, "crm")])  # fmt: skip
    yield "missing", _missing(world)
    yield "bias", _bias(world)
    yield "planted", _planted(world)


def customer_ids(numbers: Ints) -> Any:
    """Ids of core records, as the canonical tables have them."""
    return formats.number_text(client_no(numbers), prefix="core:")


def _named(names: tuple[str, ...], which: Ints) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(which, pa.int8()), pa.array(names))


def _persons(world: World) -> Any:
    people, months = world.people, world.block.settings.months
    calendar, default = world.block.calendar, world.arrears.default_month
    left = world.paths.left < months
    return formats.table(
        customer_id=customer_ids(people.number),
        persona=_named(tuple(persona.name for persona in PERSONAS), people.persona),
        resilience=_named(RESILIENCE, people.resilience),
        sex=_named(("male", "female"), people.female.astype(np.int64)),
        birth_date=formats.dates(people.birth),
        region_id=region_codes()[people.region],
        education=_named(EDUCATION, people.education),
        residence=_named(RESIDENCE, people.residence),
        income_minor=np.rint(people.income).astype(np.int64),
        joined_on=formats.dates(people.joined_on),
        has_account=people.has_account,
        left_month=_months(world, np.where(left & people.has_account, world.paths.left, NEVER)),
        closed_on=formats.dates(world.holdings.closed_on),
        default_month=_months(world, np.where(default < months, default, NEVER)),
        spender=people.spender,
        digital=people.digital,
        persuadable=people.persuadable,
        months_seen=np.clip(calendar.months - np.maximum(people.joined, 0), 0, months),
    )


def _months(world: World, month: Ints) -> Any:
    never = month == NEVER
    days = world.block.calendar.day(np.where(never, 0, month))
    return formats.dates(np.where(never, np.datetime64("NaT", "D"), days))


def _monthly(world: World) -> Any:
    """State, chances and what came of them, as of the first day of the month after each."""
    months, people = world.block.settings.months, world.people
    month = np.arange(months)
    there = (month >= people.joined[:, None]) & (month < world.paths.left[:, None])
    owner, at = np.nonzero(there & people.has_account[:, None])
    group = people.group[owner]
    stress, engaged = world.paths.stress[owner, at], world.paths.engagement[owner, at]
    left = world.paths.left[owner]
    columns = {
        "customer_id": customer_ids(people.number[owner]),
        "snapshot_date": formats.dates(world.block.calendar.day(at + 1)),
        "stress": _named(STRESS, stress),
        "engagement": _named(ENGAGEMENT, engaged),
        "churn_6m_probability": world.chances.churn[at, group, stress, engaged],
        "churned_6m": left <= at + CHURN_WINDOW,
        **_default_columns(world, owner, at),
        "income_minor": np.rint(world.income[owner, at]).astype(np.int64),
        "margin_minor": monthly_margin(world)[owner, at],
    }
    for row, product in enumerate(PRODUCTS[:-1]):
        lacks = world.holdings.taken[row, owner] > at
        lacks &= world.uptake.month[row, owner] > at
        chance = world.chances.uptake[row, at, group, stress, engaged]
        taken = world.uptake.month[row, owner] <= at + UPTAKE_WINDOW
        columns[f"takes_{product}_3m_probability"] = pa.array(chance, mask=~lacks)
        columns[f"took_{product}_3m"] = pa.array(taken, mask=~lacks)
    return formats.table(**columns)


def _default_columns(world: World, owner: Ints, at: Ints) -> dict[str, Any]:
    arrears, group = world.arrears, world.people.group[owner]
    behind, left = arrears.state[owner, at], arrears.left[owner, at]
    none = ~arrears.borrows[owner, at] | (behind == DEFAULT)
    chance = world.chances.default[at, group, world.paths.stress[owner, at], behind, left]
    defaulted = arrears.default_month[owner] <= at + DEFAULT_WINDOW
    return {
        "arrears": _named(ARREARS, behind),
        "default_12m_probability": pa.array(chance, mask=none),
        "defaulted_12m": pa.array(defaulted, mask=none),
    }


def _uplift(world: World) -> Any:
    made = world.contacts
    crm = first_contact(world.crm, len(world.people))[made.owner]
    return formats.table(
        contact_id=campaign_numbers(world),
        customer_id=customer_ids(world.people.number[made.owner]),
        crm_id=formats.number_text(crm, prefix="crm:K"),
        campaign=made.campaign + 1,
        treated=made.treated,
        chance_without_offer=made.chance,
        uplift=made.uplift,
        took_3m=made.answer == TAKEN,
    )


def _applications(world: World) -> Any:
    """Applications for loans, with what a fair bank would have done and what came or had come."""
    settings, made = world.block.settings, world.uptake
    rows = np.flatnonzero(made.applied < settings.months)
    month, owner, accepted = made.applied[rows], made.applicant[rows], made.accepted[rows] == 1
    group, stress = world.people.group[owner], world.paths.stress[owner, month]
    path = fall_behind(world.block.draw("refused"), world.paths.stress[owner], month + 1,
                       month + _TERM_OF_REFUSED)  # fmt: skip
    state = np.where(accepted[:, None], world.arrears.state[owner], path)
    ahead = np.minimum(month + DEFAULT_WINDOW, state.shape[1] - 1)
    return formats.table(
        customer_id=customer_ids(world.people.number[owner]),
        month=formats.dates(world.block.calendar.day(month)),
        accepted=accepted,
        acceptance_probability=acceptance(settings.bias_acceptance)[group, stress],
        fair_acceptance_probability=acceptance(0.0)[group, stress],
        default_12m_probability=world.chances.default[month, group, stress, 0, DEFAULT_WINDOW],
        would_default_12m=state[np.arange(len(rows)), ahead] == DEFAULT,
    )


def _identity(world: World, records: Records, system: str) -> Any:
    prefix = "core:" if system == "core" else "crm:K"
    return formats.table(
        record_id=formats.number_text(records.id, prefix=prefix),
        person_id=formats.number_text(world.pool.number[records.person], prefix="person:"),
        system=np.repeat(system, len(records)),
        variations=np.char.rstrip(records.variations, ","),
    )


def _missing(world: World) -> Any:
    facts, people = world.facts, world.people
    ids = customer_ids(people.number[facts.owner])
    when = formats.moment_text(facts.at, "%Y-%m-%d %H:%M:%S")
    education = np.array(EDUCATION)[people.education[facts.owner]]
    residence = np.array(RESIDENCE)[people.residence[facts.owner]]
    parts = [
        _left_out(ids, when, facts.no_education, "education", "MCAR", education),
        _left_out(ids, when, facts.no_residence, "residence", "MAR", residence),
        _left_out(ids, when, facts.no_income, "income_minor", "MNAR", facts.income.astype(str)),
    ]
    unknown = phones_unknown(world) & (world.core.names.phone != "")
    phone = np.char.add("+99", world.core.names.phone)
    core = formats.number_text(world.core.id, prefix="core:")
    parts.append(_left_out(core, pa.array([""]).take(pa.array(np.zeros(len(core), np.int64))),
                           unknown, "phone", "MCAR", phone))  # fmt: skip
    return pa.concat_tables(parts)


def _left_out(ids: Any, when: Any, flags: Flags, column: str, mechanism: str, true: Texts) -> Any:
    rows = pa.array(np.flatnonzero(flags))
    table = "customers" if column == "phone" else "customer_facts"
    size = len(rows)
    return formats.table(
        table=np.repeat(table, size),
        customer_id=ids.take(rows),
        recorded_at=when.take(rows),
        column=np.repeat(column, size),
        mechanism=np.repeat(mechanism, size),
        true_value=pa.array(true).take(rows),
    )


def _bias(world: World) -> Any:
    facts = world.facts
    biased = under_recorded(world.block, world.people)
    return formats.table(
        customer_id=customer_ids(world.people.number[facts.owner]),
        recorded_at=formats.moments(facts.at),
        sex=_named(("male", "female"), world.people.female[facts.owner].astype(np.int64)),
        true_income_minor=facts.true_income,
        recorded_income_minor=facts.income,
        under_recorded=biased[facts.owner],
    )


def _planted(world: World) -> Any:
    """Every text that names somebody, in each form in which it stands anywhere."""
    parts = []
    for records, prefix in ((world.core, "core:"), (world.crm, "crm:K")):
        ids, names = formats.number_text(records.id, prefix=prefix), records.names
        full = np.char.add(np.char.add(names.given, " "), names.family)
        parts += [_texts(ids, "name", full), _texts(ids, "national id", names.national),
                  _texts(ids, "e-mail", names.email), *_phones(ids, names.phone)]  # fmt: skip
    return pa.concat_tables(parts)


def _phones(ids: Any, phone: Texts) -> list[Any]:
    known = np.flatnonzero(phone != "")
    some, digits = ids.take(pa.array(known)), phone[known]
    grouped = np.asarray(formats.phone_groups(digits).to_pylist(), dtype=str)
    forms = (np.char.add("+99", digits), np.char.add("+99 ", digits), grouped,
             np.char.add("0099/", digits))  # fmt: skip
    return [_texts(some, "phone", form) for form in forms]


def _texts(ids: Any, kind: str, text: Texts) -> Any:
    rows = pa.array(np.flatnonzero(text != ""))
    return formats.table(record_id=ids.take(rows), kind=np.repeat(kind, len(rows)),
                         value=pa.array(text).take(rows))  # fmt: skip
