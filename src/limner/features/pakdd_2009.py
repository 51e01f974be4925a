"""Features of the portfolio ``pakdd_2009``."""

from limner.domain import Bilingual, Purpose
from limner.features.catalogue import Catalogue, Feature
from limner.portfolios.pakdd_2009 import PORTFOLIO

# An application for credit is decided on these; nobody agreed to be profiled with them.
_CREDIT = (Purpose.CREDIT,)


def _feature(
    name: str, meaning: str, label: tuple[str, str], reason: tuple[str, str], unit: str = ""
) -> Feature:
    return Feature(
        name, (name,), meaning, Bilingual(*label), Bilingual(*reason), unit=unit,
        purposes=_CREDIT,
    )  # fmt: skip


CATALOGUE = Catalogue(
    contract=PORTFOLIO.contract,
    features=(
        _feature("sex", "Sex of the applicant", ("sex", "性别"), ("Sex", "性别")),
        _feature("marital_status", "Marital status",
                 ("marital status", "婚姻状况"), ("Marital status", "婚姻状况")),
        _feature("age", "Age of the applicant", ("age", "年龄"), ("Age", "年龄"), "years"),
        _feature("shop", "Shop where the application was made", ("shop", "门店"),
                 ("Shop of the application", "申请所在门店")),
        _feature("shop_rank", "The chain's rating of the shop", ("shop rating", "门店评级"),
                 ("Rating of the shop", "门店的商业评级"), "rank"),
        _feature("home_phone", "Has a telephone at home", ("home telephone", "住宅电话"),
                 ("Telephone at home", "是否有住宅电话")),
        _feature("phone_area", "Area code of the telephone at home",
                 ("telephone area", "电话区号"), ("Area of the home telephone", "住宅电话区号")),
        _feature("payment_day", "Day of the month chosen for the payment",
                 ("payment day", "还款日"), ("Chosen day of payment", "所选的每月还款日"), "day"),
        _feature("residence_type", "Who owns the home", ("residence", "住房类型"),
                 ("Type of residence", "住房类型")),
        _feature("months_in_residence", "Time in the present home",
                 ("time in the home", "居住时长"), ("Time in the present home", "现住址居住时间"),
                 "months"),
        _feature("mother_named", "Gave the mother's name in the form",
                 ("mother named", "填写母亲姓名"),
                 ("Mother's name given in the form", "申请表是否填写母亲姓名")),
        _feature("father_named", "Gave the father's name in the form",
                 ("father named", "填写父亲姓名"),
                 ("Father's name given in the form", "申请表是否填写父亲姓名")),
        _feature("works_in_home_town", "Works in the town of the home",
                 ("works in the home town", "在居住城市工作"),
                 ("Work in the town of the home", "工作地与居住地是否同城")),
        _feature("works_in_home_state", "Works in the state of the home",
                 ("works in the home state", "在居住州工作"),
                 ("Work in the state of the home", "工作地与居住地是否同州")),
        _feature("months_in_job", "Time in the present job", ("time in the job", "工作时长"),
                 ("Time in the present job", "现工作任职时间"), "months"),
        _feature("profession", "Code of the profession", ("profession", "职业"),
                 ("Profession", "职业")),
        _feature("partner_income", "Monthly net income of the partner",
                 ("partner's income", "配偶收入"), ("Income of the partner", "配偶月净收入"),
                 "reais"),
        _feature("monthly_income", "Monthly net income of the applicant",
                 ("monthly income", "月收入"), ("Monthly income", "月净收入"), "reais"),
        Feature("household_income", ("monthly_income", "partner_income"),
                "Monthly net income of applicant and partner",
                Bilingual("household income", "家庭收入"),
                Bilingual("Income of the household", "家庭月净收入"), formula="sum",
                unit="reais", purposes=_CREDIT),
        _feature("post_at_home", "Receives post at the address of the home",
                 ("post at home", "邮寄地址为住址"),
                 ("Postal address is the home", "邮寄地址是否为居住地址")),
        _feature("additional_cards", "Additional cards asked for",
                 ("additional cards", "附属卡数量"),
                 ("Number of additional cards asked for", "申请的附属卡数量"), "cards"),
    ),
)  # fmt: skip
