"""Words that tell a protected attribute: in headers and values, English, Chinese, abbreviated."""

_AGE, _SEX, _MARITAL, _RACE = "age", "sex", "marital status", "race"
_RELIGION, _NATIONALITY, _ORIGIN = "religion", "nationality", "place of origin"
WHERE_PEOPLE_LIVE = "where people live"
_EDUCATION, _DISABILITY, _PREGNANCY = "education", "disability", "pregnancy"

# Whole words of a header.
PROTECTED_WORDS = {
    **dict.fromkeys(("age", "dob", "yob", "birth", "agegroup", "ageband", "agegrp"), _AGE),
    **dict.fromkeys(("sex", "gndr", "male", "female", "sexe"), _SEX),
    **dict.fromkeys(("marriage", "spouse", "marstat", "wedlock", "widowed"), _MARITAL),
    **dict.fromkeys(("race", "eth", "ethn", "caste", "tribe"), _RACE),
    **dict.fromkeys(("relig", "rlgn", "faith", "creed"), _RELIGION),
    **dict.fromkeys(("citizen", "immigrant", "migrant", "foreigner", "natlty"), _NATIONALITY),
    **dict.fromkeys(("country", "ctry", "cntry", "native", "birthplace", "hukou"), _ORIGIN),
    **dict.fromkeys(("edu", "educ", "degree", "diploma", "schooling", "edulevel", "edlevel"),
                    _EDUCATION),
    **dict.fromkeys(("disab", "handicap", "handicapped"), _DISABILITY),
    # German, whose files are read too.
    "alter": _AGE, "geschlecht": _SEX, "familienstand": _MARITAL, "religion": _RELIGION,
    "konfession": _RELIGION, "herkunft": _ORIGIN, "bildung": _EDUCATION,
}  # fmt: skip
# Beginnings of words: married, maritalstatus, educationlevel, genderid.
PROTECTED_STEMS = {
    "birth": _AGE, "gender": _SEX, "marital": _MARITAL, "married": _MARITAL,
    "marriag": _MARITAL, "ethnic": _RACE, "religio": _RELIGION, "nationalit": _NATIONALITY,
    "citizensh": _NATIONALITY, "immigra": _NATIONALITY, "educat": _EDUCATION,
    "geburt": _AGE, "staatsangeh": _NATIONALITY, "schulabschl": _EDUCATION,
    "disabil": _DISABILITY, "disabled": _DISABILITY, "pregnan": _PREGNANCY,
}  # fmt: skip
# Two words next to each other.
PROTECTED_PAIRS = {
    ("family", "status"): _MARITAL, ("civil", "status"): _MARITAL, ("mar", "stat"): _MARITAL,
    ("marit", "stat"): _MARITAL, ("age", "group"): _AGE, ("school", "level"): _EDUCATION,
    ("of", "origin"): _ORIGIN, ("national", "origin"): _ORIGIN, ("foreign", "worker"): _NATIONALITY,
    ("foreign", "born"): _NATIONALITY,
}  # fmt: skip
PROTECTED_SIGNS = {
    "年龄": _AGE, "出生": _AGE, "生日": _AGE, "性别": _SEX, "婚姻": _MARITAL, "婚否": _MARITAL,
    "已婚": _MARITAL, "配偶": _MARITAL, "种族": _RACE, "民族": _RACE, "宗教": _RELIGION,
    "信仰": _RELIGION, "国籍": _NATIONALITY, "国别": _NATIONALITY, "国家": _ORIGIN,
    "籍贯": _ORIGIN, "户籍": _ORIGIN, "出生地": _ORIGIN, "学历": _EDUCATION,
    "教育": _EDUCATION, "文化程度": _EDUCATION, "学位": _EDUCATION, "残疾": _DISABILITY,
    "怀孕": _PREGNANCY,
}  # fmt: skip
# Not protected by law, but often standing for what is.
PROXY_WORDS = dict.fromkeys(("zip", "zipcode", "postcode", "postal", "plz"), WHERE_PEOPLE_LIVE)
PROXY_SIGNS = {"邮编": WHERE_PEOPLE_LIVE, "邮政编码": WHERE_PEOPLE_LIVE}
# What a header alone cannot tell: a person is asked.
UNSURE_WORDS = {
    **dict.fromkeys(("region", "province", "city", "town", "county", "district", "neighborhood",
                     "neighbourhood", "territory", "location"), WHERE_PEOPLE_LIVE),
    **dict.fromkeys(("origin", "foreign", "language", "lang", "accent"), "origin"),
    **dict.fromkeys(("children", "kids", "dependents", "dependants", "family", "household"),
                    "family status"),
    **dict.fromkeys(("title", "salutation"), "sex or marital status"),
    **dict.fromkeys(("health", "medical"), "health"),
    **dict.fromkeys(("school", "qualification", "literacy"), "education"),
}  # fmt: skip
UNSURE_SIGNS = {
    "省份": WHERE_PEOPLE_LIVE, "城市": WHERE_PEOPLE_LIVE,
    "地区": WHERE_PEOPLE_LIVE, "区域": WHERE_PEOPLE_LIVE, "居住": WHERE_PEOPLE_LIVE,
    "语言": "origin", "子女": "family status", "家庭": "family status", "称呼": "sex",
    "健康": "health",
}  # fmt: skip
# Values that tell an attribute under any header: two of them, in nearly all rows.
TELLING_VALUES = {
    _SEX: ("m", "f", "w", "male", "female", "man", "woman", "männlich", "weiblich",
           "男", "女", "男性", "女性"),
    _MARITAL: ("married", "single", "divorced", "widowed", "separated", "unmarried", "civil union",
               "ledig", "verheiratet", "geschieden", "verwitwet",
               "已婚", "未婚", "离异", "离婚", "丧偶"),
    _EDUCATION: (
        "tertiary", "university", "high school", "graduate", "graduate school", "bachelor",
        "master", "doctorate", "phd", "小学", "初中", "高中", "大专", "本科", "硕士",
        "博士", "研究生",
    ),
    _RACE: ("汉族", "回族", "藏族", "维吾尔族", "蒙古族"),
}  # fmt: skip
# Header words of a number that stands for a kind of thing and is no quantity.
NOMINAL_WORDS = frozenset(
    ("code", "type", "kind", "category", "cat", "class", "group", "grp", "segment", "cluster",
     "channel", "branch", "region", "province", "city", "state", "district", "county", "sector",
     "industry", "occupation", "job", "profession", "employment", "product", "purpose", "id",
     "brand", "store", "shop", "department", "housing", "location", "area", "language")
)  # fmt: skip
NOMINAL_SIGNS = (
    "代码",
    "类型",
    "类别",
    "渠道",
    "行业",
    "职业",
    "网点",
    "地区",
    "省份",
    "城市",
    "编码",
)
MONEY_WORDS = frozenset(("income", "amount", "balance", "price", "value", "rate", "ratio"))
QUANTITY_WORDS = MONEY_WORDS | frozenset(
    ("number", "num", "count", "cnt", "no", "amt", "months", "days", "years",
     "age", "total", "sum", "avg", "mean", "score", "share", "percent", "pct",
     "size")
)  # fmt: skip
