"""PAKDD 2009: 40,000 applications for the private label card of a Brazilian retail chain.

Source: PAKDD 2009 data mining competition (NeuroTech), modelling part of one year. It holds
accepted applicants only (half to three quarters of all): what would have become of the others is
not known.
"""

from limner.contract import Column, Contract, Sensitivity, Timing
from limner.domain import Bilingual
from limner.portfolios.portfolio import Portfolio

_YES_NO = ("no", "yes")
_PROTECTED = Sensitivity.PROTECTED
_OTHER = "other"
_SHOPS = (
    "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16", "17",
    "18", "19", "20", "21", "22", "23", "24", "25", "55", "66", "96", _OTHER,
)  # fmt: skip
_PROFESSIONS = (
    "1", "2", "4", "12", "13", "18", "24", "26", "29", "30", "32", "35", "38", "39", "40", "43",
    "44", "46", "49", "60", "61", "63", "65", "72", "77", "79", "100", "107", "110", "113", "117",
    "118", "123", "125", "130", "131", "132", "137", "139", "158", "159", "165", "166", "168",
    "202", "203", "205", "210", "213", "218", "219", "222", "223", "251", "254", "262", "264",
    "265", "301", "302", "305", "310", "312", "351", "501", "504", "508", "514", "515", "520",
    "521", "522", "525", "652", "653", "654", "702", "703", "704", "706", "707", "712", "713",
    "717", "718", "720", "721", "725", "728", "732", "801", "804", "806", "807", "853", "855",
    "863", "864", "865", "908", "911", "918", "921", "950", "952", "953", "991", "992", "999",
    _OTHER,
)  # fmt: skip


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "category", meaning, allowed=_YES_NO)


PORTFOLIO = Portfolio(
    name="pakdd_2009",
    title=Bilingual("Card applicants of a Brazilian retail chain", "巴西某零售连锁店信用卡申请人"),
    separator="\t",
    encoding="latin-1",
    extract_columns=(
        "ID_SHOP", "SEX", "MARITAL_STATUS", "AGE", "FLAG_RESIDENCIAL_PHONE",
        "AREA_CODE_RESIDENCIAL_PHONE", "PAYMENT_DAY", "SHOP_RANK", "RESIDENCE_TYPE",
        "MONTHS_IN_RESIDENCE", "FLAG_MOTHERS_NAME", "FLAG_FATHERS_NAME",
        "FLAG_RESIDENCE_TOWN_eq_WORKING_TOWN", "FLAG_RESIDENCE_STATE_eq_WORKING_STATE",
        "MONTHS_IN_THE_JOB", "PROFESSION_CODE", "MATE_INCOME",
        "FLAG_RESIDENCIAL_ADDRESS_eq_POSTAL_ADDRESS", "PERSONAL_NET_INCOME",
        "QUANT_ADDITIONAL_CARDS_IN_THE_APPLICATION", "TARGET_LABEL_BAD=1",
    ),
    contract=Contract(
        table="pakdd_2009",
        owner="Consumer credit",
        source="PAKDD 2009 competition, modelling part",
        columns=(
            Column("customer_id", "integer", "Place in the file: it names no person", unique=True,
                   sensitivity=Sensitivity.IDENTIFIER),
            Column("sex", "category", "Sex of the applicant", allowed=("female", "male"),
                   required=False, sensitivity=_PROTECTED),
            Column("marital_status", "category", "Marital status",
                   allowed=("divorced", "married", "other", "single", "widowed"),
                   sensitivity=_PROTECTED),
            Column("age", "integer", "Age of the applicant", "years", low=15, high=110,
                   sensitivity=_PROTECTED),
            Column("shop", "category", "Shop where the application was made; those with fewer"
                   " than 100 applications are one group", allowed=_SHOPS),
            Column("shop_rank", "integer", "The chain's rating of the shop", "rank",
                   low=0, high=10),
            _flag("home_phone", "Has a telephone at home"),
            Column("phone_area", "category", "Area code of the telephone at home, altered by the"
                   " publisher; rare ones are one group",
                   allowed=("5", "23", "24", "31", "50", _OTHER)),
            Column("payment_day", "integer", "Day of the month that the applicant chose to pay on",
                   "day", low=1, high=31),
            Column("residence_type", "category", "Who owns the home",
                   allowed=("other", "owned", "parents", "rented")),
            Column("months_in_residence", "integer", "Time in the present home", "months",
                   low=0, high=1_320),
            _flag("mother_named", "Gave the mother's name in the form"),
            _flag("father_named", "Gave the father's name in the form"),
            _flag("works_in_home_town", "Works in the town of the home"),
            _flag("works_in_home_state", "Works in the state of the home"),
            Column("months_in_job", "integer", "Time in the present job", "months",
                   low=0, high=1_320),
            Column("profession", "category", "Code of the profession; those with fewer than"
                   " 40 applicants are one group", allowed=_PROFESSIONS),
            Column("partner_income", "number", "Monthly net income of the partner; 0 also where"
                   " there is none", "reais", low=0, high=10_000_000),
            # Some amounts are beyond belief (38 million a month). They stay as they came: trees
            # see the order of amounts only.
            Column("monthly_income", "number", "Monthly net income of the applicant", "reais",
                   low=0, high=100_000_000),
            _flag("post_at_home", "Receives post at the address of the home"),
            Column("additional_cards", "integer", "Additional cards asked for", "cards",
                   low=0, high=20),
            Column("defaulted", "integer", "More than 60 days late on a payment within 11 months"
                   " of the first bill (the file's BAD)", low=0, high=1, timing=Timing.IS_OUTCOME),
        ),
    ),
)  # fmt: skip
