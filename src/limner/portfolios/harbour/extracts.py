"""The extracts of harbour's systems: where each lies, and in which form."""

from limner.portfolios.bank import Extract


def _parquet(name: str, location: str, columns: str) -> Extract:
    return Extract(name, location, tuple(columns.split()), format="parquet")


def _csv(name: str, location: str, columns: str, separator: str = ",") -> Extract:
    return Extract(name, location, tuple(columns.split()), separator=separator)


EXTRACTS = (
    # Core banking: Parquet, typed; further sheets of the same system as text.
    _parquet("core_clients", "core/clients.parquet",
             "client_no birth gender opened region_code full_name id_card mobile mail street zip"),
    _parquet("core_accounts", "core/accounts.parquet",
             "account_no client_no product_code opened closed overdraft"),
    _parquet("core_holders", "core/holders.parquet", "account_no client_no role_code valid_from"),
    _parquet("core_transactions", "core/transactions/*.parquet",
             "txn_no account_no client_no booked dc amount channel purpose counterparty balance"),
    _csv("core_kyc", "core/kyc_reviews.csv",
         "client_no recorded marital education employment net_income dependents housing", ";"),
    _csv("core_orders", "core/standing_orders.csv",
         "order_no account_no client_no purpose amount first_on last_on", "|"),
    # Cards: dates as numbers, amounts in cents.
    _parquet("cards_cards", "cards/cards.parquet",
             "card_token client_no account_no type tier issued closed limit_cents"),
    _parquet("cards_statements", "cards/statements.parquet",
             "card_token client_no stmt_date owed_cents limit_cents overdue_cents"),
    # Loans: an old system with decimal commas, day-first dates and keys filled with zeros.
    _csv("loans_loans", "loans/loans.csv",
         "loan_no client account kind granted principal term rate_pct", ";"),
    _csv("loans_schedule", "loans/schedule.csv", "instalment_no loan_no client due amount", ";"),
    _csv("loans_receipts", "loans/receipts.csv",
         "receipt_no instalment_no client paid amount", ";"),
    _parquet("app_events", "app/events/*.parquet", "event_no client_no at event agent dwell_ms"),
    # The CRM knows its own contacts under its own numbers.
    Extract("crm_contacts", "crm/contacts.csv",
            ("contact", "since", "salutation", "given", "surname", "born", "id_no", "tel", "email",
             "street", "zip", "area"), separator=";", encoding="latin-1"),
    _csv("service_cases", "service/cases.csv", "case_no client started channel topic solved note"),
    _csv("campaign_list", "campaigns/list.csv",
         "contact_no campaign contact at arm offer channel"),
    _csv("campaign_answers", "campaigns/answers.csv", "contact_no contact at answer"),
    _csv("consent_decisions", "consents/decisions.csv",
         "system party_no purpose decision recorded_at"),
    _csv("ref_products", "reference/products.csv", "product_code group_code label"),
    _csv("ref_regions", "reference/regions.csv",
         "region_code label inhabitants urban_pct mean_salary jobless_pct crimes_per_1000"),
    # One row: the day on which all of this was drawn from the systems.
    _csv("delivery", "delivery.csv", "extracted_on"),
)  # fmt: skip
