"""A bank's linkage against its truth: misses of blocking count, nothing is rounded away."""

from pathlib import Path

import pandas as pd
import pytest

from limner.errors import ArtifactMissing, TruthUnknown
from limner.intake.identity.files import write_identity
from limner.intake.identity.labelled import describe, score_linkage
from limner.intake.identity.linkage import PAIR_COLUMNS, Identity
from limner.intake.privacy.keys import PSEUDONYM, SecretKey, new_key, read_key
from limner.intake.privacy.pseudonyms import pseudonym

# 1 and 2 are one person and merged; 3 and 4 are one, and no key found them; 5 and 6 are two
# persons and merged; 7 and 8 are one and wait; 9 is in no truth, and merged into 1.
CUSTOMERS = {"1": "1", "2": "1", "3": "3", "4": "4", "5": "5", "6": "5", "7": "7", "8": "8",
             "9": "1"}  # fmt: skip
PERSONS = {"1": "a", "2": "a", "3": "b", "4": "b", "5": "c", "6": "d", "7": "e", "8": "e",
           "gone": "f"}  # fmt: skip
PAIRS = [("1", "2", 0.999, "merged"), ("1", "9", 0.999, "merged"), ("5", "6", 0.995, "merged"),
         ("7", "8", 0.9, "review")]  # fmt: skip


@pytest.fixture
def key(tmp_path: Path) -> SecretKey:
    new_key(tmp_path / "key")
    return read_key(PSEUDONYM, tmp_path / "key")


@pytest.fixture
def bank(tmp_path: Path, key: SecretKey) -> Path:
    def of(record: str) -> str:
        return pseudonym(record, "customer", key)

    linked = pd.DataFrame(
        [(of(r), of(c), None, "alone") for r, c in CUSTOMERS.items()],
        columns=["record_id", "customer_id", "match_probability", "how"],
    ).astype({"match_probability": float})
    pairs = pd.DataFrame(
        [(of(a), of(b), p, zone) for a, b, p, zone in PAIRS],
        columns=["record_a", "record_b", "probability", "zone"],
    ).reindex(columns=PAIR_COLUMNS)
    write_identity(Identity(linked, pairs, 0), tmp_path / "identity")
    truth = pd.DataFrame({"record_id": PERSONS.keys(), "person_id": PERSONS.values()})
    truth.to_parquet(tmp_path / "truth.parquet")
    return tmp_path


def test_scores_records_by_their_pseudonyms(bank: Path, key: SecretKey) -> None:
    scored = score_linkage("b", bank / "identity", bank / "truth.parquet", key)
    merged = scored.quality.merged
    assert (merged.said, merged.right, merged.true) == (2, 1, 3)
    assert (scored.quality.never_scored, scored.quality.review_true) == (1, 1)
    assert scored.unlabelled == 1


def test_says_what_was_missed_and_what_was_merged_falsely(bank: Path, key: SecretKey) -> None:
    scored = score_linkage("b", bank / "identity", bank / "truth.parquet", key)
    said = "\n".join(describe(scored, 0.99))
    assert "operating threshold of 0.99" in said
    assert "precision 0.500000   recall 0.333333" in said
    assert "false merges           1 of 2" in said
    assert "missed                 2 of 3" in said
    assert "never scored         1" in said
    assert "waiting              1 of 1" in said
    assert "1 records without a label" in said


def test_another_key_recognises_nobody(bank: Path) -> None:
    new_key(bank / "other")
    other = read_key(PSEUDONYM, bank / "other")
    scored = score_linkage("b", bank / "identity", bank / "truth.parquet", other)
    assert scored.unlabelled == len(CUSTOMERS)
    assert scored.quality.records == 0


def test_refuses_a_bank_that_nobody_labelled_or_took_in(bank: Path, key: SecretKey) -> None:
    with pytest.raises(TruthUnknown, match=r"b: no truth at .*none\.parquet"):
        score_linkage("b", bank / "identity", bank / "none.parquet", key)
    with pytest.raises(ArtifactMissing):
        score_linkage("b", bank / "nowhere", bank / "truth.parquet", key)
