"""Records of the same people in core banking and in the CRM, each with its own mistakes."""

from dataclasses import dataclass, fields, replace

import numpy as np

from harbour.arrays import Array, Days, Flags, Ints, Texts, happens
from harbour.block import Block
from harbour.holdings import NO_DAY
from harbour.identifiers import (
    Identifiers,
    addresses,
    family_names,
    identify,
    mistyped,
    unaccented,
)
from harbour.numbers import TWICE, client_no
from harbour.people import People, make_people

_PROSPECTS = 400_000_000
_STREAMS_OF_PROSPECTS = 1_000_000
# What differs from the truth in a further record of a person, and how often.
VARIATIONS = {
    "typing error": 0.10, "moved": 0.12, "changed name": 0.10, "swapped day and month": 0.04,
    "no phone": 0.12, "no e-mail": 0.15, "no accents": 0.30, "initial only": 0.03,
}  # fmt: skip
_NO_NATIONAL_ID = 0.55


@dataclass(frozen=True)
class Records:
    """One row a customer record of one system; an empty text is not known.

    Attributes:
        person: place in the pool: the block's customers, then its prospects.
        variations: names of what differs from the person's first record, with commas.
    """

    id: Ints
    person: Ints
    since: Days
    birth: Days
    female: Flags
    region: Ints
    names: Identifiers
    variations: Texts

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True)
class Pool:
    """All people of a block's records: customers first, then those only the CRM knows."""

    number: Ints
    people: tuple[People, People]
    names: Identifiers

    def of(self, attribute: str) -> Array:
        return np.concatenate([getattr(part, attribute) for part in self.people])


def make_pool(block: Block, people: People) -> Pool:
    """Name the customers and draw the prospects."""
    size = max(1, round(block.size * block.settings.prospect_share))
    aside = replace(block, number=block.number + _STREAMS_OF_PROSPECTS,
                    first=block.first + _PROSPECTS, size=size)  # fmt: skip
    prospects = make_people(aside)
    named = _both_named(identify(block, people), identify(aside, prospects))
    return Pool(np.concatenate([people.number, prospects.number]), (people, prospects),
                named)  # fmt: skip


def core_records(block: Block, pool: Pool) -> Records:
    """Core banking's clients: everyone once, as they are, and a few a second time."""
    draw, size = block.draw("core records"), len(pool.people[0])
    copied = happens(draw, np.full(size, block.settings.duplicate_share))
    once, twice = np.arange(size), np.flatnonzero(copied)
    first = _record(pool, client_no(pool.number[once]), once)
    second = _varied(draw, _record(pool, client_no(pool.number[twice]) + TWICE, twice))
    return _both(first, second)


def crm_records(block: Block, pool: Pool) -> Records:
    """The CRM's contacts: most customers, all prospects, a few twice; most with differences."""
    draw, size = block.draw("crm records"), len(pool.people[0])
    known = happens(draw, np.full(size, block.settings.crm_share))
    once = np.concatenate([np.flatnonzero(known), np.arange(size, len(pool.number))])
    twice = once[happens(draw, np.full(len(once), block.settings.duplicate_share))]
    person = np.concatenate([once, twice])
    # Numbers in no order, so that they do not tell who is whom.
    number = 700_000_001 + block.first * 2 + draw.permutation(len(person))
    return _without_ids(draw, _varied(draw, _record(pool, number, person)))


def _record(pool: Pool, number: Ints, person: Ints) -> Records:
    names = {name: getattr(pool.names, name)[person] for name in Identifiers.__dataclass_fields__}
    return Records(
        id=number,
        person=person,
        since=pool.of("joined_on")[person],
        birth=pool.of("birth")[person],
        female=pool.of("female")[person],
        region=pool.of("region")[person],
        names=Identifiers(**names),
        variations=np.full(len(person), "", dtype="U120"),
    )


def _varied(draw: np.random.Generator, records: Records) -> Records:
    if not len(records):
        return records
    differs = {name: happens(draw, np.full(len(records), share))
               for name, share in VARIATIONS.items()}  # fmt: skip
    differs["changed name"] &= records.female
    day = (records.birth - records.birth.astype("datetime64[M]")).astype(np.int64) + 1
    differs["swapped day and month"] &= (day <= 12) & (day != _month_number(records.birth))
    names = records.names
    differs["no accents"] &= (names.given != unaccented(names.given)) | (
        names.family != unaccented(names.family)
    )
    noted = records.variations
    for name, flags in differs.items():
        noted = np.where(flags, np.char.add(noted, f"{name},"), noted)
    return replace(
        records,
        birth=np.where(differs["swapped day and month"], _swapped(records.birth), records.birth),
        names=_renamed(draw, records, differs),
        variations=noted,
    )


def _renamed(draw: np.random.Generator, records: Records, differs: dict[str, Flags]) -> Identifiers:
    names = records.names
    married = family_names(draw, np.zeros(len(records), dtype=bool))
    family = np.where(differs["changed name"], married, names.family)
    family = np.where(differs["no accents"], unaccented(family), family)
    given = np.where(differs["no accents"], unaccented(names.given), names.given)
    initial = np.char.add(given.astype("U1"), ".")
    street, postcode = addresses(draw, records.region)
    return replace(
        names,
        family=mistyped(draw, family, differs["typing error"]),
        given=np.where(differs["initial only"], initial, given),
        phone=np.where(differs["no phone"], "", names.phone),
        email=np.where(differs["no e-mail"], "", names.email),
        street=np.where(differs["moved"], street, names.street),
        postcode=np.where(differs["moved"], postcode, names.postcode),
    )


def _without_ids(draw: np.random.Generator, records: Records) -> Records:
    absent = happens(draw, np.full(len(records), _NO_NATIONAL_ID))
    national = np.where(absent, "", records.names.national)
    return replace(records, names=replace(records.names, national=national))


def _month_number(days: Days) -> Ints:
    return days.astype("datetime64[M]").astype(np.int64) % 12 + 1


def _swapped(days: Days) -> Days:
    """Exchange day and month, where the day can be a month."""
    year, month = days.astype("datetime64[Y]"), _month_number(days)
    day = (days - days.astype("datetime64[M]")).astype(np.int64) + 1
    swapped = (year.astype("datetime64[M]") + np.minimum(day, 12) - 1).astype("datetime64[D]")
    return np.where(day <= 12, swapped + (month - 1), NO_DAY)


def _both(first: Records, second: Records) -> Records:
    values = {f.name: (getattr(first, f.name), getattr(second, f.name)) for f in fields(Records)}
    names = _both_named(*values.pop("names"))
    return Records(names=names, **{n: np.concatenate(pair) for n, pair in values.items()})


def _both_named(first: Identifiers, second: Identifiers) -> Identifiers:
    pairs = ((getattr(first, f.name), getattr(second, f.name)) for f in fields(Identifiers))
    return Identifiers(*(np.concatenate(pair) for pair in pairs))
