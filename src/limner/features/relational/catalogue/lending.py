"""Loans and how they are served: instalments, repayments, arrears."""

from limner.domain import Bilingual
from limner.features.relational.catalogue.family import (
    CREDIT,
    NO_DENOMINATOR,
    NONE_COUNTED,
    NOT_IN_WINDOW,
    PROFILING,
    Direction,
    Family,
    Rows,
    feature,
    ratio,
)
from limner.features.relational.catalogue.income import INCOME, PAY
from limner.features.relational.definitions import (
    Aggregate,
    AggregateKind,
    Ratio,
    SnapshotFeature,
    WhenEmpty,
    where,
)
from limner.features.relational.sources import ARREARS_DAYS, LOAN_DAYS

_LENDING = (PROFILING, CREDIT)
LOANS = Family("loans", _LENDING, events="loans")
DUE = Family("instalments", _LENDING, of="amount_minor")
PAID = Family("repayments", _LENDING, of="amount_minor")
LATE = Family("arrears", _LENDING, of="days_late", unit="days", events="instalments")

_RUNNING = (where("is_running", True),)
_UNPAID = (where("unpaid_minor", 0, operator=">"),)
_NO_LOAN = WhenEmpty(0, "no running loan means that nothing is owed")
_NOT_LATE = WhenEmpty(0, "no instalment past due means no day past due")
_NO_LOAN_KNOWN = WhenEmpty(None, "there is no running loan to speak of")


def _of_running(
    name: str, formula: Aggregate | Ratio, unit: str, meaning: str, en: str, zh: str,
    when_empty: WhenEmpty, risk: Direction = None,
) -> SnapshotFeature:  # fmt: skip
    return feature(name, formula, unit, meaning, Bilingual(en, zh), when_empty, _LENDING, risk=risk)


def _running(kind: AggregateKind, of: str | None = None) -> Aggregate:
    return Aggregate(kind, "loans", LOAN_DAYS, of, _RUNNING)


def _over_days(days: int) -> Rows:
    return (where("days_late", days, operator=">="),)


_SERVICE = Bilingual("loan instalments compared with income", "贷款还款与收入之比")
_REPAID_TO_DUE = Bilingual("repayments compared with instalments due", "已还与应还之比")
_LATE_30 = Bilingual("instalments 30 days late or more", "逾期30天及以上期数")
_MOST_LATE = Bilingual("most days late with an instalment", "最长逾期天数")
_MEAN_LATE = Bilingual("mean days late with instalments", "平均逾期天数")
_LATE_DEVIATION = Bilingual("standard deviation of days late with instalments", "逾期天数标准差")

FEATURES = (
    _of_running("loans_running", _running("count"), "loans", "Number of running loans",
                "number of running loans", "在贷笔数", _NO_LOAN),
    _of_running("loan_principal", _running("sum", "principal_minor"), "minor units",
                "Amount granted, over running loans", "principal of running loans", "在贷本金总额",
                _NO_LOAN),
    _of_running("loan_rate_max", _running("max", "annual_rate"), "fraction",
                "Highest nominal interest a year among running loans",
                "highest rate of a running loan", "在贷最高年利率", _NO_LOAN_KNOWN, risk=1),
    _of_running("loan_term_elapsed",
                Ratio(_running("sum", "age_days"), _running("sum", "term_days")), "ratio",
                "Days since granting over the agreed days, over running loans",
                "share of the loan term elapsed", "贷款期限已过比例", NO_DENOMINATOR, risk=-1),
    _of_running("loan_repaid_share",
                Ratio(Aggregate("sum", "repayments", LOAN_DAYS, "amount_minor"),
                      Aggregate("sum", "loans", LOAN_DAYS, "principal_minor")), "ratio",
                "All repayments, interest included, over all principal granted",
                "share of loans paid back", "贷款已还比例", NO_DENOMINATOR, risk=-1),
    *LOANS.times("loans_granted", Bilingual("loans granted", "新增贷款笔数"), (), (365,), risk=1),
    feature("days_since_loan", Aggregate("days_since_last", "loans", LOAN_DAYS), "days",
            "Days since the latest loan was granted",
            Bilingual("days since the latest loan", "距最近一次放款天数"), NOT_IN_WINDOW, _LENDING),
    *DUE.total("instalments_due", Bilingual("loan instalments due", "应还贷款金额"), (), (30, 365)),
    ratio("debt_service_90d", _SERVICE,
          Ratio(DUE.sum(90), PAY.sum(90, INCOME)), 90, _LENDING, risk=1),
    *PAID.total("repaid_sum", Bilingual("loan repayments", "已还贷款金额"), (), (90, 365)),
    ratio("repaid_to_due_90d", _REPAID_TO_DUE,
          Ratio(PAID.sum(90), DUE.sum(90)), 90, _LENDING, risk=-1),
    PAID.days_since("repayment", Bilingual("loan repayment", "还款"), (), 365, risk=1),
    feature("days_past_due",
            Aggregate("days_since_first", "arrears", ARREARS_DAYS, None, _UNPAID), "days",
            "Days since the due day of the oldest instalment not fully paid",
            Bilingual("days past due", "当前逾期天数"), _NOT_LATE, _LENDING, risk=1),
    feature("past_due_amount", Aggregate("sum", "arrears", ARREARS_DAYS, "unpaid_minor", _UNPAID),
            "minor units", "Unpaid part of the instalments that were due before the snapshot",
            Bilingual("amount past due", "当前逾期金额"), _NOT_LATE, _LENDING, risk=1),
    feature("instalments_past_due", Aggregate("count", "arrears", ARREARS_DAYS, None, _UNPAID),
            "instalments", "Number of instalments due before the snapshot and not fully paid",
            Bilingual("instalments past due", "当前逾期期数"), NONE_COUNTED, _LENDING, risk=1),
    *LATE.times("late_count", Bilingual("instalments paid late or not yet", "逾期还款期数"),
                _over_days(1), (90, 365), risk=1),
    *LATE.times("late_30_count", _LATE_30, _over_days(30), (365, ARREARS_DAYS), risk=1),
    *LATE.summary("max", "days_late_max", _MOST_LATE, (), (365,), risk=1),
    *LATE.summary("mean", "days_late_mean", _MEAN_LATE, (), (365,), risk=1),
    *LATE.summary("deviation", "days_late_deviation", _LATE_DEVIATION, (), (365,)),
    ratio("late_share_365d", Bilingual("share of instalments late", "逾期期数占比"),
          Ratio(LATE.count(365, _over_days(1)), LATE.count(365)), 365, _LENDING, risk=1),
)  # fmt: skip
