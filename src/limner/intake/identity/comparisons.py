"""How two records are compared, field by field: from full agreement down to none."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    Attributes:
        holds: SQL over the pair's columns ``<field>_l`` and ``<field>_r``; empty for the
            last level, which holds where no other does.
        match_share: share of true matches assumed at this level until training finds it.
        chance_share: share of other pairs assumed at this level where training sees none.
        rarity_of: field whose rare values, agreed upon, weigh more than common ones.
    """

    label: str
    holds: str
    match_share: float
    chance_share: float
    rarity_of: str = ""


@dataclass(frozen=True)
class Comparison:
    """One field; a pair says nothing about it where ``unknown`` holds."""

    field: str
    needs: tuple[str, ...]
    unknown: str
    levels: tuple[Level, ...]


def _agree(*fields: str) -> str:
    return " AND ".join(f'"{field}_l" = "{field}_r"' for field in fields)


def _unknown(field: str) -> str:
    return f'("{field}_l" IS NULL OR "{field}_r" IS NULL)'


def _alike(field: str, at_least: float) -> str:
    return f'jaro_winkler_similarity("{field}_l", "{field}_r") >= {at_least}'


def _edits(field: str, at_most: int) -> str:
    lengths = f'abs(length("{field}_l") - length("{field}_r")) <= {at_most}'
    return f'{lengths} AND damerau_levenshtein("{field}_l", "{field}_r") <= {at_most}'


# Swapped: the same two numbers as day and month, in the other order.
COMPARISONS = (
    Comparison("name", ("name_key", "given", "family"), _unknown("name_key"), (
        Level("same", _agree("name_key"), 0.8, 1e-4, "name_key"),
        Level("alike", _alike("name_key", 0.92), 0.1, 1e-4),
        Level("given name only", _agree("given"), 0.05, 5e-3, "given"),
        Level("family name only", _agree("family"), 0.02, 5e-3, "family"),
        Level("different", "", 0.03, 0.98),
    )),
    Comparison("birth date", ("born", "born_any_order"), _unknown("born"), (
        Level("same", _agree("born"), 0.9, 4e-5),
        Level("day and month swapped", _agree("born_any_order"), 0.03, 2e-5),
        Level("one digit off", _edits("born", 1), 0.05, 1e-3),
        Level("different", "", 0.02, 0.99),
    )),
    Comparison("national id", ("national",), _unknown("national"), (
        Level("same", _agree("national"), 0.94, 1e-6),
        Level("one character off", _edits("national", 1), 0.05, 1e-6),
        Level("different", "", 0.01, 0.99),
    )),
    Comparison("phone", ("phone_digits",), _unknown("phone_digits"), (
        Level("same", _agree("phone_digits"), 0.8, 1e-6, "phone_digits"),
        Level("one digit off", _edits("phone_digits", 1), 0.03, 1e-6),
        Level("different", "", 0.17, 0.99),
    )),
    Comparison("e-mail", ("mail", "mail_user"), _unknown("mail"), (
        Level("same", _agree("mail"), 0.8, 1e-6, "mail"),
        Level("one character off", _edits("mail", 1), 0.03, 1e-6),
        Level("same user", _agree("mail_user"), 0.05, 1e-5),
        Level("different", "", 0.12, 0.99),
    )),
    Comparison("address", ("street", "post", "region"),
               f"{_unknown('street')} AND {_unknown('post')} AND {_unknown('region')}", (
        Level("same", _agree("street", "post"), 0.7, 1e-6),
        Level("alike, same postcode", f"{_alike('street', 0.9)} AND {_agree('post')}", 0.08, 1e-5),
        Level("same street", _agree("street"), 0.02, 1e-5),
        Level("same postcode", _agree("post"), 0.05, 5e-3, "post"),
        Level("same region", _agree("region"), 0.02, 0.02),
        Level("different", "", 0.13, 0.97),
    )),
    Comparison("sex", ("gender",), _unknown("gender"), (
        Level("same", _agree("gender"), 0.99, 0.5),
        Level("different", "", 0.01, 0.5),
    )),
)  # fmt: skip
