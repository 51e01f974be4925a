"""Names that drafts may carry, and words for a header until a person writes better ones."""

import keyword
import re

from limner.domain import Bilingual
from limner.errors import DraftNameInvalid
from limner.onboarding.words import CHINESE, ENGLISH, has_chinese, words_of
from limner.portfolios.placeholders import TO_STATE, TO_TRANSLATE

# Columns that samples, intake and assessment add or read under these names.
_TAKEN = frozenset(
    (
        "sample",
        "broken_rules",
        "file_row_number",
        "row_in_file",
        "rowid",
        "customer_id",
        "age",
        "age_band",
    )
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST = 50


def check_name(name: str) -> None:
    """Refuse a name that cannot be a module's.

    Raises:
        DraftNameInvalid: it is none.
    """
    if not _NAME.fullmatch(name) or name.endswith("_"):
        raise DraftNameInvalid(name[:60], "it is no lower-case Python name")
    if keyword.iskeyword(name):
        raise DraftNameInvalid(name, "Python keeps this word for itself")
    if len(name) > _LONGEST:
        raise DraftNameInvalid(name[:60], f"it is longer than {_LONGEST} letters")


def column_names(labels: list[str]) -> list[str]:
    """Give each header a name of its own: snake case, ASCII, unique.

    >>> column_names(["Monthly Income (€)", "年龄段", "", "a b", "a.b"])
    ['monthly_income', 'column_2', 'column_3', 'a_b', 'a_b_2']
    """
    digits = len(str(len(labels)))
    names: list[str] = []
    used = set(_TAKEN)
    for place, label in enumerate(labels, start=1):
        name = slug(label) or f"column_{place:0{digits}d}"
        if name in _TAKEN:
            name += "_in_file"
        unique, number = name, 1
        while unique in used:
            number += 1
            unique = f"{name}_{number}"
        used.add(unique)
        names.append(unique)
    return names


def slug(label: str) -> str:
    """Turn a header into a name, or '' where it has no letters to make one from."""
    if has_chinese(label):
        return ENGLISH.get(label.strip(), "")
    name = "_".join(words_of(label))[:_LONGEST].strip("_")
    if re.fullmatch(r"column_?\d+", name):
        return ""
    return f"column_{name}" if name[:1].isdigit() else name


def shown(text: str, most: int = 60) -> str:
    r"""Make a header or value fit for one line of a comment.

    >>> shown("two\nlines")
    'two lines'
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def words_for(label: str, name: str) -> Bilingual:
    """Word a header; what cannot be taken from it says that it waits for a person.

    >>> words_for("月收入", "monthly_income"), words_for("Income", "income")
    (Bilingual(en='monthly income', zh='月收入'), Bilingual(en='Income', zh='收入'))
    >>> words_for("debt.ratio", "debt_ratio").en
    'debt ratio'
    >>> words_for("行业代号", "column_3")
    Bilingual(en='TO STATE in English', zh='行业代号')
    """
    english = name.replace("_", " ")
    header = shown(label) or english
    if has_chinese(label):
        known = not re.fullmatch(r"column_\d+", name)
        return Bilingual(english if known else f"{TO_STATE} in English", header)
    header_words = re.sub(r"(?<=[A-Za-z0-9])[._]+(?=[A-Za-z])", " ", header)
    plain = header_words if header.isascii() else english
    return Bilingual(plain, CHINESE.get(name, TO_TRANSLATE))
