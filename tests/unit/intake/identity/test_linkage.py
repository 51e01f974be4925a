"""Linking made-up records: as right as promised, the same every time, and reversible."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from limner.errors import ColumnMissing, ContractBreach
from limner.intake.identity.decisions import Decision
from limner.intake.identity.files import write_identity
from limner.intake.identity.linkage import Identity, link_records
from limner.intake.identity.quality import evaluate_identity
from limner.intake.identity.settings import IdentitySettings
from people import MadeUp, records_of, two_systems

SETTINGS = IdentitySettings(
    master_system="core", accept=0.99, review_from=0.8, floor=0.01, block_limit=200,
    largest_cluster=8, training_pairs=200_000, certain_share=0.7, seed=20261122,
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> MadeUp:
    return two_systems(4_000, seed=5)


@pytest.fixture(scope="module")
def linked(made: MadeUp) -> Identity:
    return link_records(made.records, SETTINGS)


def decide(a: str, b: str, verdict: str) -> Decision:
    return Decision(a, b, verdict, "Eva", dt.date(2026, 1, 31), "why")  # type: ignore[arg-type]


def customer_of(identity: Identity, record: str) -> str:
    return str(identity.map.set_index("record_id").at[record, "customer_id"])


def test_reaches_the_promised_precision_and_recall(made: MadeUp, linked: Identity) -> None:
    quality = evaluate_identity(linked.map, linked.pairs, made.person)
    assert quality.merged.true > 2_000
    assert quality.merged.precision is not None
    assert quality.merged.precision >= 0.98
    assert quality.merged.recall is not None
    assert quality.merged.recall >= 0.95


def test_links_without_national_ids_and_e_mails(made: MadeUp) -> None:
    poor = made.records.assign(national_id=None, email=None)
    linked = link_records(poor, SETTINGS)
    figures = evaluate_identity(linked.map, linked.pairs, made.person).merged
    assert figures.precision is not None
    assert figures.precision >= 0.97
    assert figures.recall is not None
    assert figures.recall >= 0.85


def test_two_runs_in_any_order_of_records_write_the_same_bytes(
    tmp_path: Path, made: MadeUp, linked: Identity
) -> None:
    again = link_records(made.records.sample(frac=1, random_state=1), SETTINGS)
    for name, identity in (("one", linked), ("two", again)):
        write_identity(identity, tmp_path / name)
    for file in ("map.parquet", "pairs.parquet", "review.csv", "identity.json"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_every_record_is_one_customers_and_every_pair_in_one_zone(
    made: MadeUp, linked: Identity
) -> None:
    assert sorted(linked.map["record_id"]) == sorted(made.records["customer_id"])
    assert (linked.pairs["record_a"] < linked.pairs["record_b"]).all()
    assert not linked.pairs.duplicated(["record_a", "record_b"]).any()
    band = linked.review
    assert len(band) > 0
    unsure = band[band["reason"] == "not sure enough to merge"]["probability"]
    assert unsure.between(SETTINGS.review_from, SETTINGS.accept, inclusive="left").all()
    customer = linked.map.set_index("record_id")["customer_id"]
    together = (
        customer[linked.pairs["record_a"]].to_numpy()
        == customer[linked.pairs["record_b"]].to_numpy()
    )
    assert (together == (linked.pairs["zone"] == "merged")).all()
    alone = linked.map["how"] == "alone"
    assert (linked.map["match_probability"].isna() == alone).all()
    assert (linked.map.loc[~alone, "match_probability"] >= SETTINGS.accept).all()


def test_a_customer_is_named_by_its_smallest_core_record(linked: Identity) -> None:
    for customer, group in linked.map.groupby("customer_id"):
        numbers = [int(r[5:]) for r in group["record_id"] if r.startswith("core:")]
        if numbers:
            assert customer == f"core:{min(numbers)}"


def test_no_file_of_an_identity_holds_a_value(
    tmp_path: Path, made: MadeUp, linked: Identity
) -> None:
    from limner.intake.privacy.scan import find_planted

    write_identity(linked, tmp_path)
    columns = ["full_name", "national_id", "phone", "email"]
    planted = [str(v) for c in columns for v in made.records[c].dropna() if len(v.encode()) > 5]
    assert len(planted) > 10_000
    assert find_planted(tmp_path, planted) == []


def test_nothing_is_printed_or_logged_by_the_tools_beneath(
    made: MadeUp, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    # Of these, some levels of agreement are never seen: Splink would warn.
    link_records(made.records.sample(1_500, random_state=1), SETTINGS)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_decision_overrides_the_model_and_undoing_it_restores(
    made: MadeUp, linked: Identity
) -> None:
    merged = linked.pairs[linked.pairs["zone"] == "merged"].iloc[0]
    apart = linked.review.iloc[0]
    part = decide(merged["record_a"], merged["record_b"], "different")
    join = decide(apart["record_b"], apart["record_a"], "same")
    decided = link_records(made.records, SETTINGS, [part, join])
    assert customer_of(decided, merged["record_a"]) != customer_of(decided, merged["record_b"])
    assert customer_of(decided, apart["record_a"]) == customer_of(decided, apart["record_b"])
    how = decided.map.set_index("record_id").at[apart["record_a"], "how"]
    assert how == "decided"
    undone = [decide(d.record_a, d.record_b, "undecided") for d in (part, join)]
    restored = link_records(made.records, SETTINGS, [part, join, *undone])
    pd.testing.assert_frame_equal(restored.map, linked.map)
    pd.testing.assert_frame_equal(restored.pairs, linked.pairs)


def test_a_decided_pair_that_no_key_finds_is_joined_all_the_same(made: MadeUp) -> None:
    strangers = made.records.drop_duplicates("national_id")["customer_id"].head(2).tolist()
    decided = link_records(made.records, SETTINGS, [decide(*strangers, "same")])
    assert customer_of(decided, strangers[0]) == customer_of(decided, strangers[1])
    assert decided.counts["pairs decided same"] == 1


def test_decisions_on_records_that_are_gone_are_counted_not_followed() -> None:
    records = records_of({"customer_id": "core:1"}, {"customer_id": "core:2"})
    linked = link_records(records, SETTINGS, [decide("core:1", "crm:99", "same")])
    assert linked.stale_decisions == 1
    assert linked.map["customer_id"].tolist() == ["core:1", "core:2"]


def test_records_without_identifiers_are_customers_of_their_own() -> None:
    same_day = {"birth_date": pd.Timestamp("1980-01-02"), "sex": "male", "region_id": "1"}
    records = records_of(*({"customer_id": f"core:{n}", **same_day} for n in (10, 9, 1)))
    linked = link_records(records, SETTINGS)
    assert linked.map["record_id"].tolist() == ["core:1", "core:9", "core:10"]
    assert (linked.map["customer_id"] == linked.map["record_id"]).all()
    assert set(linked.map["how"]) == {"alone"}


def test_a_handful_of_records_is_linked_by_the_assumed_shares() -> None:
    one = {"full_name": "Ján Novák", "birth_date": pd.Timestamp("1980-03-11"),
           "phone": "777 123 456", "national_id": "8003111234"}  # fmt: skip
    records = records_of(
        {"customer_id": "core:1", **one},
        {"customer_id": "crm:5", **one, "full_name": "NOVAK Jan",
         "birth_date": pd.Timestamp("1980-11-03"), "phone": "+420777123456"},
        {"customer_id": "crm:6", "full_name": "Eva Malá", "birth_date": pd.Timestamp("1991-05-05")},
    )  # fmt: skip
    linked = link_records(records, SETTINGS)
    assert linked.map["customer_id"].tolist() == ["core:1", "core:1", "crm:6"]
    pair = linked.pairs.iloc[0]
    assert (pair["birth date"], pair["name"]) == ("day and month swapped", "same")
    assert pair["e-mail"] is None


def test_a_value_that_too_many_share_finds_no_pairs() -> None:
    switchboard = {"phone": "777 000 111"}
    names = [a + b for a in "bcdfghjklm" for b in "aeiouy"]
    records = records_of(
        *({"customer_id": f"core:{n}", "full_name": f"{w}na {w[::-1]}ta", **switchboard}
          for n, w in enumerate(names))
    )  # fmt: skip
    few = SETTINGS.model_copy(update={"block_limit": 10, "floor": 1e-9, "review_from": 0.5})
    assert "phone" not in set(link_records(records, few).pairs["found_by"])
    many = SETTINGS.model_copy(update={"block_limit": 100, "floor": 1e-9, "review_from": 0.5})
    assert "phone" in set(link_records(records, many).pairs["found_by"])


def test_refuses_records_whose_id_is_not_unique(made: MadeUp) -> None:
    twice = pd.concat([made.records.head(3), made.records.head(1)])
    with pytest.raises(ContractBreach, match="2 of 4 rows"):
        link_records(twice, SETTINGS)


def test_refuses_a_table_without_a_canonical_column(made: MadeUp) -> None:
    with pytest.raises(ColumnMissing, match="email"):
        link_records(made.records.drop(columns="email"), SETTINGS)


def test_no_records_are_no_customers(made: MadeUp) -> None:
    linked = link_records(made.records.head(0), SETTINGS)
    assert (len(linked.map), len(linked.pairs)) == (0, 0)


def test_refuses_zones_that_do_not_rise() -> None:
    with pytest.raises(ValueError, match="must rise"):
        IdentitySettings(**SETTINGS.model_dump() | {"review_from": 0.995})


def test_never_merges_two_people_of_one_household_by_itself() -> None:
    home = {"phone": "777 123 456", "address": "Long Street 12", "postcode": "10000"}
    records = records_of(
        {"customer_id": "core:1", "full_name": "Jan Krakonoš",
         "birth_date": pd.Timestamp("1950-03-11"), **home},
        {"customer_id": "crm:2", "full_name": "Jan Krakonoš",
         "birth_date": pd.Timestamp("1982-07-29"), **home},
        {"customer_id": "crm:3", "full_name": "Eva Krakonoš", **home},
    )  # fmt: skip
    sure = SETTINGS.model_copy(update={"accept": 0.02, "review_from": 0.015})
    linked = link_records(records, sure)
    assert linked.map["customer_id"].tolist() == ["core:1", "crm:2", "crm:3"]
    assert set(linked.review["reason"]) == {"may be two people of one household"}
