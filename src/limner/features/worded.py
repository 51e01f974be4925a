"""Features that are a column as it is, in the words of the portfolio's table."""

from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.portfolios.words import Words


def column_feature(words: Words, column: str) -> Feature:
    """Return the feature that is a column itself."""
    label, stated = words.label(column), words.of(column)
    reason = Bilingual(label.en[:1].upper() + label.en[1:], label.zh)
    meaning = stated.meaning or stated.en
    return Feature(
        column, (column,), meaning, label, reason, unit=stated.unit, purposes=words.purposes
    )


def code_feature(words: Words, column: str) -> Feature:
    """Return the feature that tells which code, if any, stands where the number should."""
    label = words.label(column)
    return Feature(
        f"{column}_code",
        (column,),
        f"Code that stands where {column} should",
        Bilingual(f"code of {label.en}", f"{label.zh}代码"),
        Bilingual(f"Code in place of {label.en}", f"{label.zh}代码"),
        formula="code",
        purposes=words.purposes,
    )
