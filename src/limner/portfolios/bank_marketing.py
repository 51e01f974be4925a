"""Bank Marketing: 45,211 calls about a term deposit, May 2008 to November 2010.

Source: Moro, Cortez and Rita (2014), A data-driven approach to predict the success
of bank telemarketing, Decision Support Systems 62; UCI repository, CC BY 4.0.
"""

from limner.contract import Column, Contract, Sensitivity, Timing
from limner.domain import Bilingual
from limner.portfolios.portfolio import Portfolio

_JOBS = (
    "admin.", "blue-collar", "entrepreneur", "housemaid", "management", "retired",
    "self-employed", "services", "student", "technician", "unemployed", "unknown",
)  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YES_NO = ("no", "yes")
_PROTECTED = Sensitivity.PROTECTED

PORTFOLIO = Portfolio(
    name="bank_marketing",
    title=Bilingual("Term-deposit calls of a Portuguese bank", "葡萄牙某银行定期存款电话营销"),
    separator=";",
    extract_columns=(
        "age", "job", "marital", "education", "default", "balance", "housing", "loan", "contact",
        "day", "month", "duration", "campaign", "pdays", "previous", "poutcome", "y",
    ),
    date_column="contacted_on",
    contract=Contract(
        table="bank_marketing",
        owner="Direct marketing",
        source="UCI Bank Marketing, full file",
        columns=(
            Column(
                "customer_id", "integer", "Place in the file: it names no person", unique=True,
                sensitivity=Sensitivity.IDENTIFIER,
            ),
            Column("contacted_on", "date", "Day of the last contact; the year is rebuilt"),
            Column("age", "integer", "Age at the contact", "years", low=18, high=110,
                   sensitivity=_PROTECTED),
            Column("job", "category", "Type of job", allowed=_JOBS),
            Column("marital_status", "category", "Marital status; divorced includes widowed",
                   allowed=("divorced", "married", "single"), sensitivity=_PROTECTED),
            Column("education", "category", "Highest education",
                   allowed=("primary", "secondary", "tertiary", "unknown"), sensitivity=_PROTECTED),
            Column("credit_in_default", "category", "Has credit in default", allowed=_YES_NO),
            Column("balance", "integer", "Average yearly balance", "euro",
                   low=-1_000_000, high=10_000_000),
            Column("housing_loan", "category", "Has a housing loan", allowed=_YES_NO),
            Column("personal_loan", "category", "Has a personal loan", allowed=_YES_NO),
            Column("contact_channel", "category", "How the customer is reached",
                   allowed=("cellular", "telephone", "unknown")),
            Column("contact_day", "integer", "Day of the month of the contact", "day",
                   low=1, high=31),
            Column("contact_month", "category", "Month of the contact", allowed=_MONTHS),
            Column("call_seconds", "integer", "Length of the call", "seconds", low=0, high=86_400,
                   timing=Timing.AFTER_OUTCOME),
            Column("campaign_contacts", "integer",
                   "Contacts in this campaign, this one included", "contacts", low=1, high=1_000),
            Column("days_since_contact", "integer", "Days since a contact of an earlier campaign",
                   "days", low=0, high=3_650, codes=((-1, "never contacted before"),)),
            Column("previous_contacts", "integer", "Contacts before this campaign", "contacts",
                   low=0, high=1_000),
            Column("previous_outcome", "category", "Outcome of the campaign before",
                   allowed=("failure", "other", "success", "unknown")),
            Column("subscribed", "integer", "Opened a term deposit", low=0, high=1,
                   timing=Timing.IS_OUTCOME),
        ),
    ),
)  # fmt: skip
