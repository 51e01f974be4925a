"""Who the customer is as far as the bank has recorded it, and where the customer lives."""

from typing import Any

from limner.domain import Bilingual, Purpose
from limner.features.relational.catalogue.family import (
    ANY_PURPOSE,
    CREDIT,
    MARKETING,
    NOT_RECORDED,
    PROFILING,
    Direction,
    feature,
)
from limner.features.relational.definitions import Aggregate, Attribute, Latest, SnapshotFeature
from limner.features.relational.sources import FACT_DAYS, HOLDING_DAYS

DECLARED_INCOME = Latest("customer_facts", "income_minor", FACT_DAYS)
_PROXY_OF_AGE = "the young, the old and those in between differ in it: it stands for age"
_PROXY_OF_ORIGIN = (
    "where people live may stand for their origin, and refusing whole regions is redlining"
)


def _protected(
    name: str, formula: Attribute | Latest, unit: str, meaning: str, label: Bilingual,
    purposes: tuple[Purpose, ...],
) -> SnapshotFeature:  # fmt: skip
    because = "the contract marks the column as protected"
    return feature(name, formula, unit, meaning, label, NOT_RECORDED, purposes,
                   sensitive="protected", sensitive_because=because)  # fmt: skip


def _fact(column: str) -> Latest:
    return Latest("customer_facts", column, FACT_DAYS)


def _region(
    column: str, unit: str, meaning: str, en: str, zh: str, risk: Direction = None
) -> SnapshotFeature:
    formula = Attribute("regions", column, HOLDING_DAYS)
    proxy: dict[str, Any] = {"sensitive": "proxy", "sensitive_because": _PROXY_OF_ORIGIN}
    return feature(f"region_{column}", formula, unit, meaning, Bilingual(en, zh), NOT_RECORDED,
                   (PROFILING, MARKETING), risk=risk, **proxy)  # fmt: skip


FEATURES = (
    _protected("age_years", Attribute("customers", "birth_date", HOLDING_DAYS, years_since=True),
               "years", "Years of 365.25 days from birth to the snapshot",
               Bilingual("age", "年龄"), ANY_PURPOSE),
    _protected("sex", Attribute("customers", "sex", HOLDING_DAYS), "", "Sex as recorded",
               Bilingual("sex", "性别"), (PROFILING,)),
    _protected("marital_status", _fact("marital_status"), "", "Latest known marital status",
               Bilingual("marital status", "婚姻状况"), (PROFILING,)),
    _protected("education", _fact("education"), "", "Latest known highest education",
               Bilingual("education", "教育程度"), (PROFILING, MARKETING)),
    _protected("dependents", _fact("dependents"), "persons",
               "Latest known number of dependents in the household",
               Bilingual("dependents", "受抚养人数"), (PROFILING, CREDIT)),
    feature("employment", _fact("employment"), "", "Latest known employment",
            Bilingual("employment", "就业状况"), NOT_RECORDED, ANY_PURPOSE,
            sensitive="proxy", sensitive_because=_PROXY_OF_AGE),
    feature("declared_income", DECLARED_INCOME, "minor units",
            "Latest known declared monthly net income",
            Bilingual("declared income", "申报月收入"), NOT_RECORDED, ANY_PURPOSE, risk=-1),
    feature("residence", _fact("residence"), "", "Latest known kind of residence",
            Bilingual("residence", "居住状况"), NOT_RECORDED, ANY_PURPOSE),
    feature("days_since_facts", Aggregate("days_since_last", "customer_facts", FACT_DAYS), "days",
            "Days since the customer's particulars were last recorded",
            Bilingual("days since particulars were recorded", "距最近一次资料更新天数"),
            NOT_RECORDED, ANY_PURPOSE),
    feature("tenure_days", Aggregate("days_since_first", "customers", HOLDING_DAYS), "days",
            "Days from the day the bank first knew the customer to the snapshot",
            Bilingual("days with the bank", "客户在行天数"), NOT_RECORDED, ANY_PURPOSE, risk=-1,
            sensitive="proxy", sensitive_because="long tenure takes years: it may stand for age"),
    _region("inhabitants", "persons", "Inhabitants of the customer's region",
            "inhabitants of the region", "所在地区人口"),
    _region("urban_share", "fraction", "Share of the region's inhabitants who live in towns",
            "urban share of the region", "所在地区城镇人口占比"),
    _region("average_salary_minor", "minor units", "Average monthly salary in the region",
            "average salary in the region", "所在地区平均工资", risk=-1),
    _region("unemployment_rate", "fraction", "Unemployed share of the region's workforce",
            "unemployment in the region", "所在地区失业率", risk=1),
    _region("crimes_per_1000", "crimes", "Crimes a year per 1,000 inhabitants of the region",
            "crimes per 1,000 inhabitants of the region", "所在地区每千人犯罪数"),
)  # fmt: skip
