"""People made up from a seed, and how several systems of a bank record them.

The truth (which record is whom) is kept apart from the records. Duplicates carry what
duplicates carry in banks: typos, married names, moved addresses, new telephones, swapped
days and months, fields left empty; households share addresses, telephones and names.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = (
    "customer_id", "system", "onboarded_on", "birth_date", "sex", "region_id", "full_name",
    "national_id", "phone", "email", "address", "postcode",
)  # fmt: skip
_ONSETS = (*"bcdfghjklmnprstvzžčš", "br", "dv", "kr", "pr", "st", "tr")
_NUCLEI = (*"aeiouáéí", "ou")
_CODAS = ("", "", "k", "n", "l", "r", "s")
_ENDS = ("ák", "ek", "ová", "ský", "ka", "er", "mann", "son", "ić", "eau")
_CJK_FAMILY = "王李張刘陳楊黃趙吳周徐孫馬朱胡林郭何高羅"
_CJK_GIVEN = "偉芳娜敏靜麗強磊軍洋勇艷杰娟濤明超秀霞平剛桂英華建文玉志紅春海燕"


@dataclass(frozen=True)
class MadeUp:
    """Records of a bank's systems, and for each record the person it is about."""

    records: pd.DataFrame
    person: pd.Series


def people(size: int, seed: int = 1) -> pd.DataFrame:
    """Make people up; about one in five shares a household with the one before."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["female", "male"], size)
    given, family = _zipf(rng, _words(rng, 400), size), _zipf(rng, _families(rng, 4000), size)
    birth = np.datetime64("1935-01-01") + rng.integers(0, 365 * 70, size)
    made = pd.DataFrame({
        "given": given, "family": family, "sex": sex, "birth_date": birth.astype("datetime64[D]"),
        "national_id": [f"{n:010d}" for n in rng.choice(9_000_000_000, size, replace=False)],
        "phone": [f"+420 {n // 10**6} {n // 1000 % 1000:03d} {n % 1000:03d}"
                  for n in rng.choice(9 * 10**8, size) + 10**8],
        "postcode": [f"{n:05d}" for n in _zipf(rng, np.arange(10_000, 10_800), size)],
        "address": _addresses(rng, size),
        "region_id": [f"R{n}" for n in rng.integers(1, 78, size)],
    })  # fmt: skip
    _name_in_chinese(rng, made, rng.random(size) < 0.1)
    _share_households(rng, made, rng.random(size) < 0.2)
    made["email"] = _emails(rng, made)
    return made


def two_systems(size: int, seed: int = 1, overlap: float = 0.6, within: float = 0.02) -> MadeUp:
    """Record people in ``core`` and, part of them, in ``crm``; a few twice within a system."""
    rng = np.random.default_rng(seed + 1)
    everyone = people(int(size * (2 - overlap)), seed)
    in_core, in_crm = np.arange(size), np.arange(len(everyone) - size, len(everyone))
    again = rng.choice(in_core, int(size * within), replace=False)
    core = _recorded(rng, everyone, np.concatenate([in_core, again]), "core", careless=0.3)
    crm = _recorded(rng, everyone, in_crm, "crm", careless=1.0)
    both = pd.concat([core, crm], ignore_index=True)
    person = both.pop("person").rename("person")
    person.index = pd.Index(both["customer_id"])
    return MadeUp(both[list(COLUMNS)], person)


def _words(rng: np.random.Generator, count: int) -> np.ndarray:
    parts = [rng.choice(p, (count * 2, 2)) for p in (_ONSETS, _NUCLEI, _CODAS)]
    words = {"".join("".join(s) for s in zip(*row, strict=True)).capitalize()
             for row in zip(*parts, strict=True)}  # fmt: skip
    return np.array(sorted(words))[rng.permutation(len(words))][:count]


def _families(rng: np.random.Generator, count: int) -> np.ndarray:
    stems = _words(rng, count)
    return np.array([s + e for s, e in zip(stems, rng.choice(_ENDS, len(stems)), strict=True)])


def _zipf(rng: np.random.Generator, values: np.ndarray, size: int) -> np.ndarray:
    weights = 1 / (np.arange(len(values)) + 5.0)
    return rng.choice(values, size, p=weights / weights.sum())


def _addresses(rng: np.random.Generator, size: int) -> list[str]:
    streets = _zipf(rng, _words(rng, 3000), size)
    return [f"{s} {n}" for s, n in zip(streets, rng.integers(1, 180, size), strict=True)]


def _name_in_chinese(rng: np.random.Generator, made: pd.DataFrame, who: np.ndarray) -> None:
    made.loc[who, "family"] = rng.choice(list(_CJK_FAMILY), who.sum())
    marks = rng.choice(list(_CJK_GIVEN), (who.sum(), 2))
    made.loc[who, "given"] = ["".join(pair) for pair in marks]


def _share_households(rng: np.random.Generator, made: pd.DataFrame, who: np.ndarray) -> None:
    shared = ["family", "address", "postcode", "region_id"]
    made.loc[who, shared] = made[shared].shift(1)[who].fillna(made[shared])
    landline = who & (rng.random(len(made)) < 0.3)
    made.loc[landline, "phone"] = made["phone"].shift(1)[landline].fillna(made["phone"])


def _emails(rng: np.random.Generator, made: pd.DataFrame) -> list[str]:
    numbers, hosts = rng.integers(1, 9999, len(made)), ("mail.example", "post.example")
    return [f"{g}.{f}{n}@{hosts[n % 2]}".lower()
            for g, f, n in zip(made["given"], made["family"], numbers, strict=True)]  # fmt: skip


def _recorded(
    rng: np.random.Generator, everyone: pd.DataFrame, who: np.ndarray, system: str, careless: float
) -> pd.DataFrame:
    rows = everyone.iloc[who].reset_index(drop=True)
    rows["person"], rows["system"] = who, system
    numbers = rng.permutation(len(who)) + 1
    rows["customer_id"] = [f"{system}:{n}" for n in numbers]
    rows["onboarded_on"] = np.datetime64("2010-01-01") + rng.integers(0, 5000, len(who))
    _live_on(rng, rows, careless)
    order = np.where(rng.random(len(who)) < 0.1 * careless, ", ", "")
    latin = ~rows["given"].str.contains(f"[{_CJK_GIVEN}]")
    rows["full_name"] = [
        f"{f}{g}" if not is_latin else f"{f}, {g}" if swap else f"{g} {f}"
        for g, f, is_latin, swap in zip(rows["given"], rows["family"], latin, order, strict=True)
    ]
    _mistype(rng, rows, careless)
    _forget(rng, rows, careless)
    return rows


def _live_on(rng: np.random.Generator, rows: pd.DataFrame, careless: float) -> None:
    """Marriages, removals and new telephones between one system's record and the next."""
    married = (rows["sex"] == "female") & (rng.random(len(rows)) < 0.06 * careless)
    rows.loc[married, "family"] = rng.permutation(rows["family"].to_numpy())[married]
    moved = rng.random(len(rows)) < 0.12 * careless
    elsewhere = rng.permutation(len(rows))[moved]
    for column in ("address", "postcode", "region_id"):
        rows.loc[moved, column] = rows[column].to_numpy()[elsewhere]
    changed = rng.random(len(rows)) < 0.1 * careless
    rows.loc[changed, "phone"] = [f"+420{n}" for n in rng.integers(10**8, 10**9, changed.sum())]


def _mistype(rng: np.random.Generator, rows: pd.DataFrame, careless: float) -> None:
    shares = {"full_name": 0.08, "national_id": 0.02, "phone": 0.03, "email": 0.03, "address": 0.1}
    for column, share in shares.items():
        wrong = np.flatnonzero(rng.random(len(rows)) < share * careless)
        rows.loc[wrong, column] = [_typo(rng, rows.at[i, column]) for i in wrong]
    shouted = rng.random(len(rows)) < 0.2 * careless
    rows.loc[shouted, "full_name"] = rows.loc[shouted, "full_name"].str.upper()
    plain = rng.random(len(rows)) < 0.2 * careless
    rows.loc[plain, "phone"] = rows.loc[plain, "phone"].str.replace(r"\+420| ", "", regex=True)
    day = rows["birth_date"].dt
    swapped = (day.day <= 12) & (rng.random(len(rows)) < 0.03 * careless)
    turned = pd.to_datetime({"year": day.year, "month": day.day.clip(upper=12), "day": day.month})
    rows.loc[swapped, "birth_date"] = turned[swapped]
    slipped = rng.random(len(rows)) < 0.02 * careless
    rows.loc[slipped, "birth_date"] += pd.to_timedelta(rng.integers(1, 9, slipped.sum()), unit="D")


def _typo(rng: np.random.Generator, text: str) -> str:
    at = int(rng.integers(1, max(2, len(text))))
    if len(text) < 4:
        return text
    mark = str(rng.choice(list("0123456789" if text[-1:].isdigit() else "abcdefghijklmnoprstu")))
    kinds = (text[: at - 1] + text[at : at + 1] + text[at - 1] + text[at + 1 :],
             text[:at] + mark + text[at + 1 :], text[:at] + text[at + 1 :])  # fmt: skip
    return kinds[int(rng.integers(0, 3))]


def _forget(rng: np.random.Generator, rows: pd.DataFrame, careless: float) -> None:
    shares = {"national_id": 0.35, "phone": 0.15, "email": 0.25, "address": 0.1, "birth_date": 0.05,
              "postcode": 0.05, "sex": 0.05}  # fmt: skip
    for column, share in shares.items():
        rows.loc[rng.random(len(rows)) < share * careless, column] = None


def records_of(*rows: dict[str, object]) -> pd.DataFrame:
    """State records by the fields that matter; the others are unknown."""
    common: dict[str, object] = {"system": "core", "onboarded_on": pd.Timestamp("2020-01-01")}
    made = pd.DataFrame([common | row for row in rows], columns=list(COLUMNS), dtype=object)
    made["system"] = made["customer_id"].str.partition(":")[0]
    return made.where(made.notna(), None)
