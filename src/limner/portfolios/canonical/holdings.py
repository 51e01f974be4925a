"""What customers hold: products, accounts, loans, cards, standing orders."""

from limner.contract import Column, Contract, Reference, RowRule
from limner.portfolios.canonical.parties import customer_key

OF_PRODUCT = Reference("products", "product_id")
OF_ACCOUNT = Reference("accounts", "account_id")
OF_LOAN = Reference("loans", "loan_id")
OF_CARD = Reference("cards", "card_id")
PRODUCT_KINDS = (
    "card", "current", "insurance", "investment", "loan", "mortgage", "savings", "term_deposit",
)  # fmt: skip

_AMOUNT_HIGH = 1_000_000_000_000


def _amount(name: str, meaning: str, *, low: int = 0, required: bool = True) -> Column:
    return Column(name, "integer", meaning, "minor units", low=low, high=_AMOUNT_HIGH,
                  required=required)  # fmt: skip


def _product() -> Column:
    return Column("product_id", "text", "The product", key=True, references=OF_PRODUCT)


TABLES = (
    Contract(
        table="products",
        owner="Product management",
        source="The bank's products",
        key=("product_id",),
        columns=(
            Column("product_id", "text", "The product", key=True),
            Column("kind", "category", "Kind of product", allowed=PRODUCT_KINDS),
            Column("name", "text", "Name of the product"),
        ),
    ),
    Contract(
        table="accounts",
        owner="Core banking",
        source="Accounts of any kind that hold a balance, and products without one",
        key=("account_id",),
        known_at="opened_on",
        ends_at="closed_on",
        columns=(
            Column("account_id", "text", "The account", key=True),
            customer_key(),
            _product(),
            Column("opened_on", "date", "Day of opening"),
            Column("closed_on", "date", "Day of closing", required=False),
            _amount("overdraft_limit_minor", "Agreed overdraft", required=False),
        ),
        rules=(RowRule("must be closed after it is opened", "closed_on >= opened_on"),),
    ),
    Contract(
        table="account_holders",
        owner="Core banking",
        source="Who may use an account besides its owner",
        key=("account_id", "customer_id"),
        known_at="since",
        columns=(
            Column("account_id", "text", "The account", key=True, references=OF_ACCOUNT),
            customer_key(),
            Column("role", "category", "Role", allowed=("authorised", "joint", "owner")),
            Column("since", "date", "First day in the role"),
        ),
    ),
    Contract(
        table="standing_orders",
        owner="Core banking",
        source="Payments ordered in advance",
        key=("order_id",),
        known_at="started_on",
        ends_at="ended_on",
        looks_ahead=True,
        columns=(
            Column("order_id", "text", "The order", key=True),
            Column("account_id", "text", "The account", key=True, references=OF_ACCOUNT),
            customer_key(),
            Column("purpose", "category", "What it pays for",
                   allowed=("insurance", "leasing", "loan", "other", "rent", "saving",
                            "utilities")),
            _amount("amount_minor", "Amount of each payment"),
            Column("started_on", "date", "First payment"),
            Column("ended_on", "date", "Last payment", required=False),
        ),
        rules=(RowRule("must end after it starts", "ended_on >= started_on"),),
    ),
    Contract(
        table="loans",
        owner="Lending",
        source="Loans granted; how each is served is in instalments and repayments",
        key=("loan_id",),
        known_at="granted_on",
        columns=(
            Column("loan_id", "text", "The loan", key=True),
            customer_key(),
            Column("account_id", "text", "Account that serves it", required=False, key=True,
                   references=OF_ACCOUNT),
            Column("kind", "category", "Kind of loan",
                   allowed=("car", "consumer", "mortgage", "other")),
            Column("granted_on", "date", "Day of granting"),
            _amount("principal_minor", "Amount granted", low=1),
            Column("term_months", "integer", "Agreed term", "months", low=1, high=600),
            Column("annual_rate", "number", "Nominal interest a year", "fraction", low=0, high=1,
                   required=False),
        ),
    ),
    Contract(
        table="instalments",
        owner="Lending",
        source="The payment plan of each loan",
        key=("instalment_id",),
        known_at="due_on",
        looks_ahead=True,
        columns=(
            Column("instalment_id", "text", "The instalment", key=True),
            Column("loan_id", "text", "The loan", key=True, references=OF_LOAN),
            customer_key(),
            Column("due_on", "date", "Day it is due"),
            _amount("amount_minor", "Amount due", low=1),
        ),
    ),
    Contract(
        table="cards",
        owner="Cards",
        source="Debit and credit cards",
        key=("card_id",),
        known_at="issued_on",
        ends_at="closed_on",
        columns=(
            Column("card_id", "text", "The card", key=True),
            customer_key(),
            Column("account_id", "text", "Account it draws on", required=False, key=True,
                   references=OF_ACCOUNT),
            Column("kind", "category", "Kind of card", allowed=("credit", "debit")),
            Column("tier", "category", "Tier of the card", required=False,
                   allowed=("classic", "gold", "junior")),
            Column("issued_on", "date", "Day of issue"),
            Column("closed_on", "date", "Day of closing", required=False),
            _amount("limit_minor", "Credit limit", required=False),
        ),
        rules=(RowRule("must be closed after it is issued", "closed_on >= issued_on"),),
    ),
)  # fmt: skip
