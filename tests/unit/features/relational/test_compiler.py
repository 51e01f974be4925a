"""The SQL keeps to its rules: one filter on time, nothing that Spark answers differently."""

import datetime as dt
import re

import pytest

from feature_bank import ALL_TABLES, EVERYONE, SNAPSHOT
from limner.domain import Purpose
from limner.features.relational.catalogue import FEATURES, find_feature
from limner.features.relational.compiler import CompiledSnapshot, compile_snapshot
from limner.features.relational.definitions import Aggregate, where
from limner.features.relational.known import known_rows
from limner.features.relational.terms import condition_sql, name_of
from limner.portfolios.canonical import canonical_table

BANNED = (
    "quantile", "percentile", "median", "kurtosis", "skewness", "dayofweek", "weekday", "isodow",
    "'month'", "'year'", "'week'", "list(", "array_agg", "string_agg", " ln(", "log(", "random",
    "now()", "current_", "today",
)  # fmt: skip


@pytest.fixture(scope="module")
def compiled() -> CompiledSnapshot:
    return compile_snapshot(FEATURES, ALL_TABLES, SNAPSHOT, EVERYONE)


def all_sql(compiled: CompiledSnapshot) -> str:
    return "\n".join([*(step.sql for step in compiled.steps), compiled.final])


def test_dated_tables_are_read_through_the_filter_on_time_only(compiled: CompiledSnapshot) -> None:
    moment = r"CAST\('[0-9-]{10}(?: 00:00:00)?' AS (?:DATE|TIMESTAMP)\)"
    now = moment.replace("[0-9-]{10}", "2024-06-30")
    reads = re.findall(
        rf'FROM trusted_(\w+)( WHERE "(\w+)" >= {moment} AND "(\w+)" < {now})?', all_sql(compiled)
    )
    assert len(reads) > 20
    assert all_sql(compiled).count("trusted_") == len(reads)
    for table, _, first, last in reads:
        assert (first or None) == (last or None) == canonical_table(table).known_at


def test_nothing_is_asked_that_spark_answers_differently(compiled: CompiledSnapshot) -> None:
    sql = all_sql(compiled).lower()
    assert [word for word in BANNED if word in sql] == []


def test_every_division_is_guarded(compiled: CompiledSnapshot) -> None:
    sql = all_sql(compiled)
    divisors = re.findall(r" / (\S+)", sql)
    constant = re.compile(r"^(CAST\(365\.25|\d+\.\d+\)*)")
    assert len(divisors) > 50
    assert [d for d in divisors if not d.startswith("NULLIF(") and not constant.match(d)] == []


def test_a_source_is_read_once_but_for_recent_rows_and_pairs(compiled: CompiledSnapshot) -> None:
    reads = r'FROM trusted_transactions WHERE "booked_at" >= CAST\(\'(\S+)'
    firsts = re.findall(reads, all_sql(compiled))
    assert sorted(firsts) == ["2023-07-01", "2024-04-01", "2024-04-01"]
    assert all_sql(compiled).count("FROM trusted_digital_events") == 1
    assert len(compiled.steps) < 25


def test_the_time_filter_reaches_back_the_window_and_no_further() -> None:
    sql = known_rows("transactions", ["amount_minor"], 90, dt.date(2024, 3, 1))
    assert "\"booked_at\" >= CAST('2023-12-02 00:00:00' AS TIMESTAMP)" in sql
    assert "\"booked_at\" < CAST('2024-03-01 00:00:00' AS TIMESTAMP)" in sql


def test_reads_only_the_tables_and_columns_that_the_features_need() -> None:
    one = compile_snapshot([find_feature("debit_sum_90d")], ALL_TABLES, SNAPSHOT, EVERYONE)
    assert one.look_back == {"customers": 36_525, "consents": 36_525, "transactions": 90}
    assert "balance_minor" not in all_sql(one)


def test_a_number_that_equals_true_is_compared_as_a_number() -> None:
    assert condition_sql((where("days_late", 1, operator=">="),)) == ["days_late >= 1"]
    assert condition_sql((where("is_open", True),)) == ["is_open"]


def test_different_summaries_never_share_a_name() -> None:
    def named(*conditions: object, days: int = 90, after: int = 0) -> str:
        return name_of(Aggregate("count", "transactions", days, None, conditions, after))  # type: ignore[arg-type]

    names = [
        named(), named(days=30), named(after=30), named(where("direction", "debit")),
        named(where("balance_minor", 0, operator="<")), named(where("balance_minor", 0)),
        named(where("balance_minor", 0, operator=">")),
    ]  # fmt: skip
    assert len(set(names)) == len(names)


def test_a_purpose_keeps_only_those_who_allow_it() -> None:
    every = compile_snapshot(FEATURES, ALL_TABLES, SNAPSHOT, EVERYONE).steps[1].sql
    credit = compile_snapshot(FEATURES, ALL_TABLES, SNAPSHOT, EVERYONE, Purpose.CREDIT).steps[1].sql
    assert every.endswith("WHERE allows_profiling OR allows_credit OR allows_marketing")
    assert credit.endswith("WHERE allows_credit")
