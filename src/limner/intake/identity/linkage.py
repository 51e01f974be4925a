"""From the records of all systems to customers, and the pairs that a person must decide."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from limner.errors import ColumnMissing, ContractBreach
from limner.intake.identity.blocking import with_keys
from limner.intake.identity.clusters import DECIDED_APART, Clusters
from limner.intake.identity.comparisons import COMPARISONS
from limner.intake.identity.decisions import Decision, Pair, Verdict, latest, pair_of
from limner.intake.identity.households import HOUSEHOLD, may_be_a_household
from limner.intake.identity.model import match_pairs
from limner.intake.identity.normalisation import normalise
from limner.intake.identity.settings import IdentitySettings
from limner.portfolios.canonical import canonical_table

FIELDS = tuple(comparison.field for comparison in COMPARISONS)
PAIR_COLUMNS = ("record_a", "record_b", "probability", "zone", "reason", "found_by", *FIELDS)
# Without one of these, records can only be people like each other, not the same.
_TELLING = ("name_key", "national", "phone_digits", "mail")


@dataclass(frozen=True)
class Identity:
    """Which records are one customer.

    Attributes:
        map: ``record_id``, ``customer_id``, ``match_probability`` (of the record's surest
            pair within its customer; missing where it has none) and ``how``: ``exact``
            (all known fields agree), ``probabilistic``, ``decided`` or ``alone``.
        pairs: :data:`PAIR_COLUMNS`, every pair above the floor or decided. ``zone`` is
            ``merged``, ``review``, ``apart``, ``decided same`` or ``decided different``.
            Levels of agreement only: no value of any field.
        stale_decisions: decided pairs with a record that is not there (any more).
    """

    map: pd.DataFrame
    pairs: pd.DataFrame
    stale_decisions: int

    @property
    def review(self) -> pd.DataFrame:
        """The clerical-review band, surest first."""
        return review_band(self.pairs)

    @property
    def counts(self) -> dict[str, int]:
        """How many records, customers, pairs a zone and records a way of joining."""
        zones = self.pairs["zone"].value_counts()
        ways = self.map["how"].value_counts()
        return {
            "records": len(self.map),
            "customers": int(self.map["customer_id"].nunique()),
            **{f"pairs {zone}": int(zones[zone]) for zone in sorted(zones.index)},
            **{f"records {how}": int(ways[how]) for how in sorted(ways.index)},
            "stale decisions": self.stale_decisions,
        }


def link_records(
    records: pd.DataFrame,
    settings: IdentitySettings,
    decisions: Iterable[Decision] = (),
    decisions_file: str = "the decisions",
) -> Identity:
    """Find which records are one person, within systems and across them.

    Args:
        records: the canonical ``customers``, one row a record, of one or several systems.
        decisions: what persons decided, oldest first; they override the model.
        decisions_file: how an error names where these come from.

    Raises:
        ColumnMissing: the table lacks a canonical column.
        ContractBreach: a record id is missing or not unique.
        DecisionsInvalid: decisions contradict each other.
    """
    _refuse_if_no_table_of_records(records)
    ordered = order_of_records(records, settings.master_system)["customer_id"].astype(str)
    # In an order of their own, so that the order of the extract changes nothing.
    fields = normalise(records).sort_values("record_id", ignore_index=True)
    # A million customers' records are gigabytes; a caller who keeps none need hold none.
    del records
    everyone, decided = set(fields["record_id"]), latest(decisions)
    known = {pair: v for pair, v in decided.items() if everyone.issuperset(pair)}
    if len(fields) > 1 and fields[list(_TELLING)].notna().any(axis=None):
        pairs = match_pairs(with_keys(fields, settings.block_limit), settings)
    else:
        pairs = pd.DataFrame(columns=["record_a", "record_b", "probability", "found_by", *FIELDS])
    with_id = fields.dropna(subset=["national"])
    national_ids = dict(zip(with_id["record_id"], with_id["national"], strict=True))
    clusters = Clusters(national_ids, known, settings.largest_cluster)
    clusters.join_decided(decisions_file)
    refusals = _join_accepted(clusters, pairs, settings.accept)
    pairs = _with_zones(_with_decided(pairs, known), clusters, refusals, known, settings)
    return Identity(_map(ordered, clusters, pairs), pairs, len(decided) - len(known))


def review_band(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs that wait for a person's decision, surest first."""
    waiting = pairs[pairs["zone"] == "review"]
    order = ["probability", "record_a", "record_b"]
    return waiting.sort_values(order, ascending=[False, True, True], ignore_index=True)


def order_of_records(records: pd.DataFrame, master_system: str) -> pd.DataFrame:
    """Put records in their order of precedence: master system first, then by number."""
    ids = records["customer_id"].astype(str)
    number = pd.to_numeric(ids.str.extract(r":(\d{1,15})$")[0], errors="coerce")
    keys = pd.DataFrame({
        "follows": (records["system"] != master_system).to_numpy(),
        "system": records["system"].astype(str).to_numpy(),
        "number": number.fillna(np.inf).to_numpy(),
        "id": ids.to_numpy(),
    })  # fmt: skip
    return records.iloc[keys.sort_values(list(keys.columns)).index]


def _refuse_if_no_table_of_records(records: pd.DataFrame) -> None:
    missing = [n for n in canonical_table("customers").names if n not in records.columns]
    if missing:
        raise ColumnMissing("customers", missing, list(records.columns))
    ids = records["customer_id"]
    broken = int((ids.isna() | ids.duplicated(keep=False)).sum())
    if broken:
        rule = "must be known and unique"
        raise ContractBreach("customers", "customer_id", rule, broken, len(records), 0.0)


def _join_accepted(clusters: Clusters, pairs: pd.DataFrame, accept: float) -> dict[Pair, str]:
    """Join accepted pairs, surest first; return those that a guard refused, and why."""
    accepted = pairs[pairs["probability"] >= accept].sort_values(
        ["probability", "record_a", "record_b"], ascending=[False, True, True]
    )
    refusals: dict[Pair, str] = {}
    ends = zip(
        accepted["record_a"], accepted["record_b"], may_be_a_household(accepted), strict=True
    )
    for a, b, household in ends:
        if clusters.decided.get((a, b)) is None:
            refusal = HOUSEHOLD if household else clusters.join(a, b)
            refusals |= {(a, b): refusal} if refusal else {}
    return refusals


def _with_decided(pairs: pd.DataFrame, decided: dict[Pair, Verdict]) -> pd.DataFrame:
    """Add the decided pairs that the model never looked at."""
    found = set(zip(pairs["record_a"], pairs["record_b"], strict=True))
    added = pd.DataFrame([p for p in decided if p not in found], columns=["record_a", "record_b"])
    if added.empty:
        return pairs
    texts = pairs.astype(object)
    rows = [*texts.to_dict("records"), *added.reindex(columns=pairs.columns).to_dict("records")]
    both = pd.DataFrame(rows, columns=pairs.columns, dtype=object)
    filled = both.where(both.notna(), None).astype({"probability": float})
    return filled.sort_values(["record_a", "record_b"], ignore_index=True)


def _with_zones(
    pairs: pd.DataFrame,
    clusters: Clusters,
    refusals: dict[Pair, str],
    decided: dict[Pair, Verdict],
    settings: IdentitySettings,
) -> pd.DataFrame:
    named = [
        _zone(pair_of(a, b), probability, clusters, refusals, decided, settings)
        for a, b, probability in zip(
            pairs["record_a"], pairs["record_b"], pairs["probability"], strict=True
        )
    ]
    ways = pd.DataFrame(named, columns=["zone", "reason"], index=pairs.index, dtype=object)
    return pairs.assign(zone=ways["zone"], reason=ways["reason"])[list(PAIR_COLUMNS)].astype(
        {"probability": float}
    )


def _zone(
    pair: Pair,
    probability: float,
    clusters: Clusters,
    refusals: dict[Pair, str],
    decided: dict[Pair, Verdict],
    settings: IdentitySettings,
) -> tuple[str, str | None]:
    if pair in decided:
        return f"decided {decided[pair]}", None
    if clusters.joined(*pair):
        return "merged", None
    if pair in refusals:
        # What a person has decided already is not asked again.
        apart = refusals[pair] == DECIDED_APART
        return ("apart" if apart else "review"), refusals[pair]
    if probability >= settings.review_from:
        return "review", "not sure enough to merge"
    return "apart", None


def _map(ordered: pd.Series, clusters: Clusters, pairs: pd.DataFrame) -> pd.DataFrame:
    customer: dict[str, str] = {}
    for record in ordered:
        if record not in customer:
            customer |= dict.fromkeys(clusters.members(record), record)
    surest = _surest_links(pairs)
    rows = [(r, customer[r], *surest.get(r, (None, "alone"))) for r in ordered]
    columns = ["record_id", "customer_id", "match_probability", "how"]
    return pd.DataFrame(rows, columns=columns).astype({"match_probability": float})


def _surest_links(pairs: pd.DataFrame) -> dict[str, tuple[float | None, str]]:
    """For each joined record the probability of its surest pair, and what that rests on."""
    joined = pairs[pairs["zone"].isin(["merged", "decided same"])].reset_index(drop=True)
    agrees = joined[list(FIELDS)].isin(["same"]) | joined[list(FIELDS)].isna()
    how = pd.Series(np.where(agrees.all(axis=1), "exact", "probabilistic"), dtype=object)
    how = how.where(joined["zone"] != "decided same", "decided")
    rank = how.map({"decided": 0, "exact": 1, "probabilistic": 2})
    links = joined.assign(how=how, rank=rank)
    ends = pd.concat([links.assign(record=links[end]) for end in ("record_a", "record_b")])
    ends = ends.sort_values(["record", "rank", "probability"], ascending=[True, True, False])
    first = ends.drop_duplicates("record")
    return {
        record: (None if np.isnan(probability) else probability, way)
        for record, probability, way in zip(
            first["record"], first["probability"], first["how"], strict=True
        )
    }
