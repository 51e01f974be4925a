"""Words in headers that tell an identifier or an outcome, English and Chinese."""

import re
import unicodedata

# Header words of columns that name a person or a thing of theirs.
IDENTIFIER_WORDS = {
    "name": "a name", "surname": "a name", "firstname": "a name", "lastname": "a name",
    "fullname": "a name", "phone": "a telephone number", "telephone": "a telephone number",
    "mobile": "a telephone number", "cellphone": "a telephone number", "tel": "a telephone number",
    "email": "an e-mail address", "mail": "an e-mail address", "ssn": "a national number",
    "national": "a national number", "passport": "a passport number", "iban": "an account number",
    "address": "an address", "street": "an address", "id": "an identifier", "uuid": "an identifier",
    "guid": "an identifier", "ip": "a network address", "account": "an account number",
}  # fmt: skip
IDENTIFIER_SIGNS = {
    "姓名": "a name", "名字": "a name", "身份证": "a national number", "证件": "a national number",
    "护照": "a passport number", "手机": "a telephone number", "电话": "a telephone number",
    "邮箱": "an e-mail address", "地址": "an address", "客户号": "an identifier",
    "客户编号": "an identifier", "编号": "an identifier", "账号": "an account number",
    "卡号": "an account number",
}  # fmt: skip

# English names of frequent Chinese headers; others become column_07 and the like.
ENGLISH = {
    "年龄": "age", "性别": "sex", "婚姻状况": "marital_status", "学历": "education",
    "职业": "occupation", "收入": "income", "月收入": "monthly_income", "年收入": "annual_income",
    "余额": "balance", "账户余额": "account_balance", "贷款金额": "loan_amount",
    "贷款期限": "loan_term", "利率": "interest_rate", "信用额度": "credit_limit",
    "逾期次数": "late_payments", "是否违约": "defaulted", "是否流失": "churned",
    "城市": "city", "省份": "province", "地区": "region", "渠道": "channel",
    "开户日期": "opened_on", "日期": "date", "民族": "ethnic_group", "国籍": "nationality",
    "邮编": "postcode", "客户号": "customer_number", "客户编号": "customer_number",
}  # fmt: skip

# The same the other way round, of names that are exactly these.
CHINESE = {name: header for header, name in ENGLISH.items()}

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def has_chinese(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return bool(_CHINESE.search(text))


def words_of(header: str) -> list[str]:
    """Split a header into lower-case ASCII words.

    >>> words_of("NumberOfDependents_2 (€)")
    ['number', 'of', 'dependents', '2']
    """
    plain = unicodedata.normalize("NFKD", header).encode("ascii", "ignore").decode()
    parted = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", plain)
    parted = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", parted)
    return [word.lower() for word in re.findall(r"[A-Za-z0-9]+", parted)]


def meaning_of_header(
    header: str, words: dict[str, str], signs: dict[str, str]
) -> tuple[str, str] | None:
    """Find the first telling word of a header, and what it tells."""
    for word in words_of(header):
        if word in words:
            return word, words[word]
    return next(((sign, told) for sign, told in signs.items() if sign in header), None)
