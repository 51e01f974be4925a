"""Clusters never chain strangers together, and a person has the last word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from limner.errors import DecisionsInvalid
from limner.intake.identity.clusters import (
    CONFLICTING_IDS,
    DECIDED_APART,
    TOO_LARGE,
    Clusters,
    at_most_one_slip,
)

ids = st.text("0123456789ab", min_size=1, max_size=10)


def test_never_chains_records_with_conflicting_national_ids() -> None:
    clusters = Clusters({"a": "7801011234", "c": "5502029876"}, {}, 8)
    assert clusters.join("a", "b") is None
    assert clusters.join("b", "c") == CONFLICTING_IDS
    assert sorted(clusters.members("a")) == ["a", "b"]
    assert clusters.members("c") == ["c"]


def test_a_slip_in_a_national_id_is_no_conflict() -> None:
    clusters = Clusters({"a": "7801011234", "b": "7801012134"}, {}, 8)
    assert clusters.join("a", "b") is None


def test_never_grows_beyond_the_largest_cluster() -> None:
    clusters = Clusters({}, {}, 3)
    assert [clusters.join("a", x) for x in "bcd"] == [None, None, TOO_LARGE]


def test_what_a_person_parted_is_not_joined_through_others() -> None:
    clusters = Clusters({}, {("a", "c"): "different"}, 8)
    assert clusters.join("a", "b") is None
    assert clusters.join("c", "b") == DECIDED_APART


def test_a_person_joins_what_the_guards_refuse() -> None:
    clusters = Clusters({"a": "7801011234", "b": "5502029876"}, {("a", "b"): "same"}, 8)
    clusters.join_decided("decisions.csv")
    assert clusters.joined("a", "b")


def test_refuses_decisions_that_contradict_each_other() -> None:
    decided = {("a", "b"): "same", ("b", "c"): "same", ("a", "c"): "different"}
    with pytest.raises(DecisionsInvalid, match="decided different, but the same"):
        Clusters({}, decided, 8).join_decided("decisions.csv")  # type: ignore[arg-type]


@given(ids, ids)
def test_one_slip_is_a_damerau_distance_of_at_most_one(one: str, other: str) -> None:
    assert at_most_one_slip(one, other) == (other in neighbours(one) or one == other)
    assert at_most_one_slip(one, other) == at_most_one_slip(other, one)


@given(ids, st.data())
def test_every_single_slip_is_one(one: str, data: st.DataObject) -> None:
    assert at_most_one_slip(one, data.draw(st.sampled_from(sorted(neighbours(one)))))


def neighbours(text: str) -> set[str]:
    """List every text that is one slip away, by making all of them."""
    marks = "0123456789ab"
    parts = [(text[:i], text[i:]) for i in range(len(text) + 1)]
    return {
        *(a + b[1:] for a, b in parts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1),
        *(a + c + b[1:] for a, b in parts if b for c in marks),
        *(a + c + b for a, b in parts for c in marks),
    }
