"""Features of the portfolio ``give_me_credit``."""

from limner.domain import Bilingual
from limner.features.catalogue import Catalogue, Feature
from limner.portfolios.give_me_credit import PORTFOLIO

_LATE = ("late_30_59_days", "late_60_89_days", "late_90_days")


def _late(name: str, days: str, days_zh: str) -> Feature:
    return Feature(
        name, (name,), f"Times {days} days past due in the last two years",
        Bilingual(f"{days} days late", f"逾期{days_zh}天次数"),
        Bilingual(
            f"Number of payments {days} days late in the last two years",
            f"近两年逾期{days_zh}天的次数",
        ),
        unit="times",
    )  # fmt: skip


CATALOGUE = Catalogue(
    contract=PORTFOLIO.contract,
    features=(
        Feature("revolving_utilisation", ("revolving_utilisation",),
                "Balance on cards and credit lines over their limits",
                Bilingual("use of credit lines", "循环信用使用率"),
                Bilingual("Share of revolving credit in use", "循环信用额度使用比例"),
                unit="ratio"),
        Feature("lines_in_use", ("revolving_utilisation", "open_credit_lines"),
                "Use of credit lines times their number: how many lines' worth is drawn",
                Bilingual("credit lines in use", "已用信贷数"),
                Bilingual("Amount of credit in use, counted in lines", "已用信贷额度折合笔数"),
                formula="product", unit="lines"),
        Feature("age", ("age",), "Age of the borrower", Bilingual("age", "年龄"),
                Bilingual("Age", "年龄"), unit="years"),
        _late("late_30_59_days", "30 to 59", "30至59"),
        _late("late_60_89_days", "60 to 89", "60至89"),
        _late("late_90_days", "90 or more", "90及以上"),
        Feature("late_payments", _LATE, "Times 30 days or more past due, over all three counts",
                Bilingual("late payments", "逾期总次数"),
                Bilingual("Number of late payments in the last two years", "近两年逾期总次数"),
                formula="sum", unit="times"),
        Feature("serious_late_payments", ("late_60_89_days", "late_90_days"),
                "Times 60 days or more past due",
                Bilingual("serious late payments", "严重逾期次数"),
                Bilingual("Number of payments 60 days late or more in the last two years",
                          "近两年逾期60天及以上的次数"),
                formula="sum", unit="times"),
        Feature("late_payments_a_line", (*_LATE, "open_credit_lines"),
                "Times 30 days or more past due for each open loan or line of credit",
                Bilingual("late payments a credit line", "每笔信贷逾期次数"),
                Bilingual("Late payments for each open credit line", "平均每笔信贷的逾期次数"),
                formula="ratio", unit="times a line"),
        Feature("late_payment_code", ("late_90_days",),
                "Code that stands where the counts of late payments should (96 or 98)",
                Bilingual("late-payment code", "逾期记录代码"),
                Bilingual("Late payments reported as a code", "逾期记录为特殊代码"),
                formula="code"),
        Feature("debt_ratio", ("debt_ratio",), "Monthly debt payments over monthly gross income",
                Bilingual("debt ratio", "负债比率"),
                Bilingual("Debt payments compared with income", "债务支出与收入之比"),
                unit="ratio"),
        Feature("monthly_debt", ("debt_ratio", "monthly_income"),
                "Monthly debt payments: ratio times income",
                Bilingual("monthly debt payments", "每月债务支出"),
                Bilingual("Amount of monthly debt payments", "每月债务支出金额"),
                formula="product", unit="US dollars"),
        Feature("debt_a_line", ("debt_ratio", "monthly_income", "open_credit_lines"),
                "Monthly debt payments for each open loan or line of credit",
                Bilingual("debt payments a credit line", "每笔信贷债务支出"),
                Bilingual("Debt payments for each open credit line", "平均每笔信贷的每月债务支出"),
                formula="product_ratio", unit="US dollars a line"),
        Feature("income_a_head", ("monthly_income", "dependents"),
                "Monthly gross income for each head: the borrower and the dependents",
                Bilingual("income a head", "人均收入"),
                Bilingual("Income for each head of the family", "家庭人均月收入"),
                formula="a_head", unit="US dollars a head"),
        Feature("monthly_income", ("monthly_income",), "Monthly gross income",
                Bilingual("monthly income", "月收入"), Bilingual("Monthly income", "月收入"),
                unit="US dollars"),
        Feature("open_credit_lines", ("open_credit_lines",), "Open loans and lines of credit",
                Bilingual("open credit lines", "未结清信贷数"),
                Bilingual("Number of open loans and credit lines", "未结清贷款及信用额度数量"),
                unit="lines"),
        Feature("real_estate_loans", ("real_estate_loans",), "Mortgages and real-estate loans",
                Bilingual("real-estate loans", "房产贷款数"),
                Bilingual("Number of real-estate loans", "房产贷款数量"), unit="loans"),
        Feature("dependents", ("dependents",), "Dependents in the family",
                Bilingual("dependents", "受抚养人数"),
                Bilingual("Number of dependents", "受抚养人数"), unit="persons"),
    ),
)  # fmt: skip
