"""What an applicant asks for: facts of the application itself, in no table before it is decided.

A model of applications reads them beside the features of the snapshot before. They come with the
population (:class:`limner.outcomes.dated.DatedOutcome`), and with each record that is scored.
"""

from limner.contract import Column
from limner.domain import Bilingual, Purpose
from limner.features.catalogue import Feature

_MINOR, _MONTHS = "minor units", "months"


def _asked(name: str, unit: str, meaning: str, en: str, zh: str) -> tuple[Column, Feature]:
    words = Bilingual(en, zh)
    return (
        Column(name, "number", meaning, unit, low=0, high=1e12),
        Feature(name, (name,), meaning, words, words, unit=unit, purposes=(Purpose.CREDIT,)),
    )


APPLICATION = (
    _asked("applied_amount", _MINOR, "Amount of the loan applied for",
           "amount of the loan applied for", "申请贷款金额"),
    _asked("applied_term", _MONTHS, "Term of the loan applied for",
           "term of the loan applied for", "申请贷款期限"),
    _asked("applied_instalment", _MINOR, "Monthly payment of the loan applied for",
           "monthly payment of the loan applied for", "申请贷款月供"),
)  # fmt: skip
COLUMNS = tuple(column for column, _ in APPLICATION)
FEATURES = tuple(feature for _, feature in APPLICATION)
