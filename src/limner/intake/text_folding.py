"""Text freed of case, accents, width and punctuation, so that spellings can be compared."""

import re
import unicodedata

# Letters that no accent is taken from by decomposition.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe",
                          "ı": "i"})  # fmt: skip
_APOSTROPHES = re.compile("['’ʼ`´]")
_NOT_WORDS = re.compile(r"[\W_]+")
_CHINESE = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


def fold(text: str) -> str:
    """Lower-case words without accents or punctuation, parted by single spaces.

    >>> fold("  O'Brien-Łukasz,  ＺＯË "), fold("王 小明")
    ('obrien lukasz zoe', '王 小明')
    """
    if text.isascii():
        bare = text.lower()
    else:
        bare = without_accents(unicodedata.normalize("NFKC", text).casefold()).translate(_LETTERS)
    return _NOT_WORDS.sub(" ", _APOSTROPHES.sub("", bare)).strip()


def without_accents(text: str) -> str:
    """Take the marks from letters; Hangul, which decomposes too, is put together again.

    >>> without_accents("Žluťoučký 강")
    'Zlutoucky 강'
    """
    bare = (c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", "".join(bare))


def digits_of(text: str) -> str:
    """Return the decimal digits of a text, in whatever script they are written.

    >>> digits_of("+420 777-１２3")
    '420777123'
    """
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


def is_chinese(text: str) -> bool:
    """Whether a text holds Chinese characters."""
    return bool(_CHINESE.search(text))
