"""Which pairs are looked at: those that agree in one of several keys.

A mistake in one field leaves the keys made of the others, so a pair is lost only where
every key is spoiled or missing.
"""

import pandas as pd

# Each key is the fields that make it; in the order in which a pair is told to be found.
KEYS = {
    "national id": ("national",),
    "phone": ("phone_digits",),
    "e-mail": ("mail",),
    "given name and birth date": ("given", "born_any_order"),
    "family name and birth date": ("family", "born_any_order"),
    "name and birth date": ("name_key", "born"),
    "name and postcode": ("name_key", "post"),
    "name and birth year": ("name_key", "birth_year"),
    "birth date and postcode": ("born_any_order", "post"),
    "address and given name": ("street", "post", "given"),
    "e-mail user and birth year": ("mail_user", "birth_year"),
}


def with_keys(fields: pd.DataFrame, limit: int) -> pd.DataFrame:
    """Add a column ``key_<n>`` for each of :data:`KEYS`.

    Args:
        fields: normalised records.
        limit: a key that more records share is None: it tells nobody apart (a switchboard's
            number, an invented birth date) and would cost its square in pairs.
    """
    parts = fields.assign(birth_year=fields["born"].str[:4])
    keys = {
        f"key_{number}": _common_to_none(_joined(parts[list(columns)]), limit)
        for number, columns in enumerate(KEYS.values())
    }
    return fields.assign(**keys)


def _joined(parts: pd.DataFrame) -> pd.Series:
    known = parts.notna().all(axis=1)
    joined = parts.iloc[:, 0].str.cat(parts.iloc[:, 1:], sep="|") if parts.shape[1] > 1 else (
        parts.iloc[:, 0])  # fmt: skip
    return joined.astype(object).where(known, None)


def _common_to_none(key: pd.Series, limit: int) -> pd.Series:
    shared = key.map(key.value_counts())
    return key.where(shared <= limit, None)
