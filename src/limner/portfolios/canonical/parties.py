"""Who the customers are: people, what changes about them, consents, regions."""

from limner.contract import Column, Contract, Reference, RowRule, Sensitivity
from limner.domain import Purpose

_IDENTIFIER, _PROTECTED = Sensitivity.IDENTIFIER, Sensitivity.PROTECTED

OF_CUSTOMER = Reference("customers", "customer_id")
OF_REGION = Reference("regions", "region_id")


def customer_key() -> Column:
    """State the column by which a table belongs to customers."""
    return Column("customer_id", "text", "The customer", key=True, references=OF_CUSTOMER)


TABLES = (
    Contract(
        table="customers",
        owner="Customer master data",
        source="One row a customer record of any system; identity makes one customer of several",
        key=("customer_id",),
        known_at="onboarded_on",
        columns=(
            Column("customer_id", "text", "The record, unique over all systems", key=True),
            Column("system", "category", "System that keeps the record, for example core or crm"),
            Column("onboarded_on", "date", "Day the system first knew the customer"),
            Column("birth_date", "date", "Day of birth", required=False, sensitivity=_PROTECTED),
            Column("sex", "category", "Sex as recorded", allowed=("female", "male"),
                   required=False, sensitivity=_PROTECTED),
            Column("region_id", "text", "Region of the address", required=False, key=True,
                   references=OF_REGION),
            # Direct identifiers: used by identity, kept in the vault, gone after intake.
            Column("full_name", "text", "Name", required=False, sensitivity=_IDENTIFIER),
            Column("national_id", "text", "National identity number", required=False,
                   sensitivity=_IDENTIFIER),
            Column("phone", "text", "Telephone", required=False, sensitivity=_IDENTIFIER),
            Column("email", "text", "E-mail", required=False, sensitivity=_IDENTIFIER),
            Column("address", "text", "Street and house number", required=False,
                   sensitivity=_IDENTIFIER),
            Column("postcode", "text", "Postcode", required=False, sensitivity=_IDENTIFIER),
        ),
        rules=(RowRule("must be onboarded after birth", "onboarded_on > birth_date"),),
    ),
    Contract(
        table="customer_facts",
        owner="Customer master data",
        source="What changes about a customer, one row a change; the latest known counts",
        key=("customer_id", "recorded_at"),
        known_at="recorded_at",
        columns=(
            customer_key(),
            Column("recorded_at", "timestamp", "When the bank learned it"),
            Column("marital_status", "category", "Marital status", required=False,
                   allowed=("divorced", "married", "single", "widowed"), sensitivity=_PROTECTED),
            Column("education", "category", "Highest education", required=False,
                   allowed=("primary", "secondary", "tertiary"), sensitivity=_PROTECTED),
            Column("employment", "category", "Employment", required=False,
                   allowed=("employed", "retired", "self-employed", "student", "unemployed")),
            Column("income_minor", "integer", "Monthly net income", "minor units",
                   low=0, high=1_000_000_000, required=False),
            Column("dependents", "integer", "Dependents in the household", "persons",
                   low=0, high=20, required=False, sensitivity=_PROTECTED),
            Column("residence", "category", "Residence", required=False,
                   allowed=("mortgaged", "other", "owned", "rented")),
        ),
    ),
    Contract(
        table="consents",
        owner="Data protection",
        source="Consent by purpose, one row a decision; the latest before a day holds that day",
        key=("customer_id", "purpose", "recorded_at"),
        known_at="recorded_at",
        columns=(
            customer_key(),
            Column("purpose", "category", "Purpose of processing",
                   allowed=tuple(purpose.value for purpose in Purpose)),
            Column("decision", "category", "What the customer decided",
                   allowed=("given", "withdrawn")),
            Column("recorded_at", "timestamp", "When the decision was recorded"),
        ),
    ),
    Contract(
        table="regions",
        owner="Reference data",
        source="Socio-economic facts of the regions customers live in",
        key=("region_id",),
        columns=(
            Column("region_id", "text", "The region", key=True),
            Column("name", "text", "Name of the region"),
            Column("inhabitants", "integer", "Inhabitants", "persons", low=1, high=2_000_000_000,
                   required=False),
            Column("urban_share", "number", "Share of inhabitants in towns", "fraction",
                   low=0, high=1, required=False),
            Column("average_salary_minor", "integer", "Average monthly salary", "minor units",
                   low=0, high=1_000_000_000, required=False),
            Column("unemployment_rate", "number", "Unemployed share of the workforce", "fraction",
                   low=0, high=1, required=False),
            Column("crimes_per_1000", "number", "Crimes a year per 1,000 inhabitants", "crimes",
                   low=0, high=1_000, required=False),
        ),
    ),
)  # fmt: skip
