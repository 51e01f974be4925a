"""Names, national ids, telephones, e-mails and addresses."""

from dataclasses import dataclass

import numpy as np

from harbour import words
from harbour.arrays import Flags, Ints, Texts, happens
from harbour.block import Block
from harbour.people import People

# Numbers that share no factor with the size of the space reach every number once: keys
# that look random and never meet.
_SPACE, _STEP = 1_000_000_000, 387_420_489


@dataclass(frozen=True)
class Identifiers:
    """What names a person; one value a person."""

    given: Texts
    family: Texts
    national: Texts
    phone: Texts
    email: Texts
    street: Texts
    postcode: Texts


def identify(block: Block, people: People) -> Identifiers:
    """Name a block's people; a third in Jade Bay and a tenth elsewhere have Chinese names."""
    draw, size = block.draw("identifiers"), len(people)
    chinese = happens(draw, np.where(people.region == 10, 0.35, 0.10))
    family = family_names(draw, chinese)
    given = given_names(draw, chinese, people.female)
    host = words.MAIL_HOSTS[draw.integers(0, len(words.MAIL_HOSTS), size)]
    plain = np.char.lower(np.char.add(np.char.add(unaccented(given), "."), unaccented(family)))
    tag = (people.number * 7 % 100_000).astype(str)
    street, postcode = addresses(draw, people.region)
    return Identifiers(
        given=given,
        family=family,
        national=national_ids(people.number),
        phone=np.char.zfill((people.number * _STEP % _SPACE).astype(str), 9),
        email=np.char.add(np.char.add(np.char.add(plain, tag), "@"), host),
        street=street,
        postcode=postcode,
    )


def national_ids(number: Ints) -> Texts:
    """Make the country's identity numbers: HB, nine digits, and two that check them.

    The check is 98 minus the digits times 100 modulo 97, so that the whole number is 1
    modulo 97 (ISO 7064 MOD 97-10).

    >>> national_ids(np.array([1])).tolist()
    ['HB123456789-78']
    """
    digits = (number * 104_729 + 123_352_060) % _SPACE
    check = 98 - digits * 100 % 97
    parts = [np.char.zfill(part.astype(str), width) for part, width in ((digits, 9), (check, 2))]
    return np.char.add(np.char.add("HB", parts[0]), np.char.add("-", parts[1]))


def family_names(draw: np.random.Generator, chinese: Flags) -> Texts:
    """Draw family names."""
    size = len(chinese)
    english = words.FAMILY[draw.integers(0, len(words.FAMILY), size)]
    other = words.CHINESE_FAMILY[draw.integers(0, len(words.CHINESE_FAMILY), size)]
    return np.where(chinese, other, english)


def given_names(draw: np.random.Generator, chinese: Flags, female: Flags) -> Texts:
    """Draw given names by sex."""
    size = len(chinese)
    lists = (words.GIVEN_MALE, words.GIVEN_FEMALE,
             words.CHINESE_GIVEN_MALE, words.CHINESE_GIVEN_FEMALE)  # fmt: skip
    drawn = [names[draw.integers(0, len(names), size)] for names in lists]
    return np.choose(2 * chinese + female, drawn)


def addresses(draw: np.random.Generator, region: Ints) -> tuple[Texts, Texts]:
    """Draw a street with its number, and a postcode that begins with the region."""
    size = len(region)
    street = words.STREETS[draw.integers(0, len(words.STREETS), size)]
    number = draw.integers(1, 180, size).astype(str)
    code = np.char.zfill(draw.integers(0, 1_000, size).astype(str), 3)
    area = np.char.zfill((region + 10).astype(str), 2)
    return np.char.add(np.char.add(street, " "), number), np.char.add(area, code)


def unaccented(names: Texts) -> Texts:
    """Write names as a system does that knows no accents."""
    for accented, plain in (("é", "e"), ("è", "e"), ("ë", "e"), ("ü", "u"), ("ø", "o")):
        names = np.char.replace(names, accented, plain)
    return names


def mistyped(draw: np.random.Generator, names: Texts, wrong: Flags) -> Texts:
    """Swap two neighbouring letters, not the first, of the names that are wrong."""
    rows = np.flatnonzero(wrong & (np.char.str_len(names) >= 4))
    if not len(rows):
        return names
    width = names.dtype.itemsize // 4
    letters = np.ascontiguousarray(names[rows]).view(np.uint32).reshape(len(rows), width).copy()
    length = (letters != 0).sum(axis=1)
    at = 1 + (draw.random(len(rows)) * (length - 2)).astype(np.int64)
    row = np.arange(len(rows))
    letters[row, at], letters[row, at + 1] = letters[row, at + 1], letters[row, at]
    mended = names.copy()
    mended[rows] = letters.view(names.dtype).ravel()
    return mended
