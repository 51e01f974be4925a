"""Is a card transaction fraudulent? Asked before it is approved."""

from limner.domain import Bilingual, Purpose
from limner.models.spec import ModelSpec

SPEC = ModelSpec(
    name="card_fraud",
    title=Bilingual("Card fraud", "银行卡交易欺诈风险"),
    portfolio="fraud_handbook",
    family="probability",
    purpose=Purpose.CREDIT,
    outcome_name="card_fraud",
    feature_names=(
        "amount",
        "on_weekend",
        "at_night",
        "customer_transactions_1_day",
        "customer_transactions_7_days",
        "customer_transactions_30_days",
        "customer_mean_amount_1_day",
        "customer_mean_amount_7_days",
        "customer_mean_amount_30_days",
        "amount_over_customer_mean",
        "customer_largest_amount_7_days",
        "customer_largest_amount_30_days",
        "amount_over_customer_largest",
        "customer_largest_over_mean",
        "terminal_transactions_1_day",
        "terminal_transactions_7_days",
        "terminal_transactions_30_days",
        "terminal_fraud_rate_1_day",
        "terminal_fraud_rate_7_days",
        "terminal_fraud_rate_30_days",
        "terminal_frauds_7_days",
        "terminal_frauds_30_days",
        "terminal_days_since_first_known_fraud",
        "terminal_days_since_known_fraud",
        "terminal_days_since_known_genuine",
        "terminal_fraud_after_genuine",
    ),
    use="Name the transactions that are looked into before or after they are approved, by people",
    not_for="Blocking a card or closing an account without a person; judging a customer",
    owner="Fraud prevention",
)
