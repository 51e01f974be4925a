"""Precision and recall by hand: what was never looked at is a miss."""

import pandas as pd
import pytest

from limner.intake.identity.quality import evaluate_identity

# a1 and a2 are one person and merged; b1 and b2 are one, in review; c1 and c2 are one, and no
# key found them; d and e are two, and merged.
MAP = pd.DataFrame({
    "record_id": ["a1", "a2", "b1", "b2", "c1", "c2", "d", "e"],
    "customer_id": ["a1", "a1", "b1", "b2", "c1", "c2", "d", "d"],
})  # fmt: skip
PAIRS = pd.DataFrame({
    "record_a": ["a1", "b1", "d", "a1"], "record_b": ["a2", "b2", "e", "b1"],
    "probability": [0.999, 0.9, 0.995, 0.2], "zone": ["merged", "review", "merged", "apart"],
})  # fmt: skip
TRUTH = pd.Series({"a1": 1, "a2": 1, "b1": 2, "b2": 2, "c1": 3, "c2": 3, "d": 4, "e": 5, "z": 9})


def test_counts_pairs_by_hand() -> None:
    quality = evaluate_identity(MAP, PAIRS, TRUTH, thresholds=(0.5, 0.999))
    merged = quality.merged
    assert (merged.said, merged.right, merged.true) == (2, 1, 3)
    assert (merged.precision, merged.recall) == (0.5, pytest.approx(1 / 3))
    table = [(level, f.said, f.right, f.true) for level, f in quality.by_threshold]
    assert table == [(0.5, 3, 2, 3), (0.999, 1, 1, 3)]
    assert (quality.never_scored, quality.review_pairs, quality.review_true) == (1, 1, 1)
    assert (quality.records, quality.persons, quality.customers) == (8, 5, 6)


def test_the_order_of_records_within_a_pair_changes_nothing() -> None:
    turned = PAIRS.rename(columns={"record_a": "record_b", "record_b": "record_a"})
    assert evaluate_identity(MAP, turned, TRUTH) == evaluate_identity(MAP, PAIRS, TRUTH)


def test_a_chain_counts_every_pair_within_it() -> None:
    chain = MAP.assign(customer_id=["a1"] * 8)
    quality = evaluate_identity(chain, PAIRS, TRUTH)
    assert (quality.merged.said, quality.merged.right) == (28, 3)
    # What no key found, the chain did.
    assert quality.never_scored == 0


def test_says_nothing_where_nothing_was_said() -> None:
    apart = MAP.assign(customer_id=MAP["record_id"])
    figures = evaluate_identity(apart, PAIRS.head(0), TRUTH).as_dict()
    assert figures["merged"] == {
        "pairs_said": 0, "pairs_right": 0, "pairs_true": 3, "precision": None, "recall": 0.0,
    }  # fmt: skip


def test_refuses_a_truth_that_lacks_records() -> None:
    with pytest.raises(ValueError, match="lacks 1 records"):
        evaluate_identity(MAP, PAIRS, TRUTH.drop("e"))
