"""Features of the portfolio ``bank_marketing``."""

from limner.domain import Bilingual, Purpose
from limner.features.catalogue import Catalogue, Feature
from limner.portfolios.bank_marketing import PORTFOLIO

_PROFILING = (Purpose.PROFILING,)


def _feature(
    name: str, meaning: str, label: tuple[str, str], reason: tuple[str, str], unit: str = ""
) -> Feature:
    return Feature(
        name, (name,), meaning, Bilingual(*label), Bilingual(*reason), unit=unit,
        purposes=_PROFILING,
    )  # fmt: skip


CATALOGUE = Catalogue(
    contract=PORTFOLIO.contract,
    features=(
        _feature("age", "Age at the contact", ("age", "年龄"), ("Age", "年龄"), "years"),
        _feature("job", "Type of job", ("job", "职业"), ("Type of job", "职业类型")),
        _feature("marital_status", "Marital status",
                 ("marital status", "婚姻状况"), ("Marital status", "婚姻状况")),
        _feature("education", "Highest education",
                 ("education", "教育程度"), ("Level of education", "教育程度")),
        _feature("credit_in_default", "Has credit in default",
                 ("credit in default", "信用违约"), ("Credit in default", "是否有信用违约")),
        _feature("balance", "Average yearly balance",
                 ("balance", "余额"), ("Average yearly balance", "年均余额"), "euro"),
        _feature("housing_loan", "Has a housing loan",
                 ("housing loan", "住房贷款"), ("Housing loan", "是否有住房贷款")),
        _feature("personal_loan", "Has a personal loan",
                 ("personal loan", "个人贷款"), ("Personal loan", "是否有个人贷款")),
        _feature("contact_channel", "How the customer is reached",
                 ("contact channel", "联系渠道"), ("Channel of the contact", "联系渠道")),
        _feature("contact_day", "Day of the month of the contact",
                 ("contact day", "联系日"), ("Day of the month of the contact", "联系日期"), "day"),
        _feature("contact_month", "Month of the contact",
                 ("contact month", "联系月份"), ("Month of the contact", "联系月份")),
        Feature("contact_day_of_year", ("contact_day", "contact_month"),
                "Day of the year of the contact", Bilingual("day of the year", "年内日序"),
                Bilingual("Day of the year of the contact", "联系日期在一年中的位置"),
                formula="day_of_year", unit="day", purposes=_PROFILING),
        _feature("campaign_contacts", "Contacts in this campaign, this one included",
                 ("contacts this campaign", "本次活动联系次数"),
                 ("Number of contacts in this campaign", "本次活动中的联系次数"), "contacts"),
        _feature("days_since_contact", "Days since a contact of an earlier campaign;"
                 " missing if there was none",
                 ("days since contact", "距上次联系天数"),
                 ("Days since the last contact", "距上次联系的天数"), "days"),
        _feature("previous_contacts", "Contacts before this campaign",
                 ("number of earlier contacts", "此前联系次数"),
                 ("Number of contacts before this campaign", "此前活动的联系次数"), "contacts"),
        _feature("previous_outcome", "Outcome of the campaign before",
                 ("previous outcome", "上次活动结果"),
                 ("Outcome of the previous campaign", "上次营销活动的结果")),
        _feature("call_seconds", "Length of the call, known only when it is over",
                 ("call length", "通话时长"), ("Length of the call", "通话时长"), "seconds"),
    ),
)  # fmt: skip
