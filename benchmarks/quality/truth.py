"""Models of the synthetic bank against the probabilities that are true of its customers.

What is true is written apart from what any stage reads; the customers behind the pseudonyms are
found by the made bank's own key, which follows from its seed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from limner.artifacts import ArtifactPaths, BankPaths, require
from limner.assessment.bootstrap import bootstrap
from limner.assessment.discrimination import AreaUnderCurve
from limner.assessment.paired import compare_paired
from limner.assessment.recalibration import Recalibration
from limner.domain import SampleName
from limner.intake.privacy.bank_keys import keys_of
from limner.intake.privacy.pseudonyms import pseudonym
from limner.modelling.fitted import read_model
from limner.modelling.training import facts_of
from limner.samples import customer_numbers, sample_rows
from limner.scoring import matrix_of, scored
from limner.settings import Settings

BANK = "harbour"
# The true chance of each model's event, as of the first day of a month.
CHANCES = {"retail_default": "default_12m_probability", "attrition": "churn_6m_probability"}
# Of several products, each has its own chance, and what came of it where no campaign came.
CHOICE, TAKES, TOOK = "next_product", "takes_{}_3m_probability", "took_{}_3m"
MODELS = (*CHANCES, CHOICE)
LARGEST_GAP, SLOPES = 0.01, (0.95, 1.05)
JUDGED = (SampleName.TEST, SampleName.OUT_OF_TIME)
KEYS = ["customer_id", "snapshot_date"]


def against_truth(model: str, settings: Settings) -> list[dict[str, Any]]:
    """Judge a model, as it stands in ``artifacts/``, on the samples that nothing was chosen on."""
    paths = ArtifactPaths.of(model)
    fitted = read_model(paths.fitted_model, settings.runtime.threads)
    customers = pd.read_parquet(require(paths.sample))
    judge = _judge_products if model == CHOICE else _judge_one
    return [
        found
        for sample in JUDGED
        for found in judge(sample, fitted, sample_rows(customers, sample), settings)
    ]


def true_chances(column: str, settings: Settings, happened: str | None = None) -> pd.DataFrame:
    """Read the true chance of customers at snapshots, the customers by pseudonyms.

    Args:
        happened: column of what came of it, if that is to be read too.
    """
    truth = require(BankPaths.of(BANK).truth) / "monthly.parquet"
    columns = [column, happened] if happened else [column]
    found = pd.read_parquet(truth, columns=[*KEYS, *columns]).dropna()
    return found.assign(
        customer_id=pseudonyms(found["customer_id"], settings),
        snapshot_date=pd.to_datetime(found["snapshot_date"]),
    ).rename(columns={column: "chance", happened: "happened"})


def _judge_one(
    sample: SampleName, fitted: Any, rows: pd.DataFrame, settings: Settings
) -> list[dict[str, Any]]:
    manifest = fitted.manifest
    ours = rows[KEYS].assign(
        happened=rows[manifest.outcome.column],
        probability=_scored(sample, fitted, rows).value,
    )
    chances = true_chances(CHANCES[manifest.model], settings)
    return [_judge(sample, ours, chances, settings)]


def _judge_products(
    sample: SampleName, fitted: Any, rows: pd.DataFrame, settings: Settings
) -> list[dict[str, Any]]:
    """Judge each product among those who lack it, by what they took of their own accord."""
    products = _scored(sample, fitted, rows).products
    found = []
    for place, product in enumerate(fitted.manifest.choice.products):
        ours = rows[KEYS].assign(probability=products[:, place]).dropna()
        kind = product.kind
        chances = true_chances(TAKES.format(kind), settings, TOOK.format(kind))
        found.append({"product": kind} | _judge(sample, ours, chances, settings))
    return found


def _scored(sample: SampleName, fitted: Any, rows: pd.DataFrame) -> Any:
    manifest = fitted.manifest
    where = f"model {manifest.model}, {sample.value} sample"
    return scored(fitted, matrix_of(fitted, facts_of(rows, manifest.columns), where))


def pseudonyms(customers: "pd.Series[Any]", settings: Settings) -> "pd.Series[Any]":
    """Give true customers the names by which the bank's tables know them."""
    key = keys_of(BANK, settings.bank(BANK), settings.privacy, settings.seed).pseudonym
    names = {c: pseudonym(c, "customer", key) for c in customers.unique()}
    return customers.map(names)


def _judge(
    sample: SampleName, ours: pd.DataFrame, chances: pd.DataFrame, settings: Settings
) -> dict[str, Any]:
    assessment = settings.assessment
    both = ours.assign(snapshot_date=pd.to_datetime(ours["snapshot_date"])).merge(chances, on=KEYS)
    outcome = both["happened"].to_numpy().astype(np.int64)
    probability, chance = both["probability"].to_numpy(), both["chance"].to_numpy()
    clusters = customer_numbers(both)
    compared = compare_paired(
        sample.value, ("model", probability), ("truth", chance), outcome, assessment,
        settings.seed, clusters,
    )  # fmt: skip
    slope = bootstrap(
        Recalibration(probability, outcome).figures, len(both), assessment.resamples,
        assessment.confidence, settings.seed, clusters,
    )["calibration_slope"]  # fmt: skip
    return {
        "sample": sample.value,
        "rows": len(both),
        "events": int(outcome.sum()),
        "without_truth": len(ours) - len(both),
        "auc": compared.first_figures["auc"],
        "true_auc": compared.second_figures["auc"],
        "difference": compared.differences["auc"].model_dump(),
        "slope": slope.model_dump(),
        "expected": _expected(probability, chance),
        "error": float(np.abs(probability - chance).mean()),
        "spread": float(np.abs(chance - chance.mean()).mean()),
    }


def _expected(probability: npt.NDArray[np.float64], chance: Any) -> dict[str, float]:
    """Judge over all outcomes that the true chances allow, each as often as it would come."""
    # A likelihood is linear in the outcomes: their expectation stands for them.
    line = Recalibration(probability, chance).figures(np.ones(len(chance)))
    return {
        "auc": _expected_auc(probability, chance),
        "true_auc": _expected_auc(chance, chance),
        "slope": line["calibration_slope"],
    }


def _expected_auc(score: npt.NDArray[np.float64], chance: npt.NDArray[np.float64]) -> float:
    # Every row once as an event and once as none, each as heavy as it is likely.
    happened = np.repeat([1, 0], len(chance))
    weights = np.concatenate([chance, 1 - chance])
    return AreaUnderCurve(np.tile(score, 2), happened)(weights)


def lines(model: str, found: list[Mapping[str, Any]]) -> Iterator[str]:
    """Write one model's rows of the page."""
    for row in found:
        gap, slope, expected = row["difference"], row["slope"], row["expected"]
        near = "met" if gap["value"] >= -LARGEST_GAP else "**missed**"
        straight = "met" if SLOPES[0] <= slope["value"] <= SLOPES[1] else "**missed**"
        yield (
            f"| `{model}`{_product(row)} | {row['sample'].replace('_', ' ')} | {row['rows']:,}"
            f" | {row['events']:,}"
            f" | {row['auc']:.4f} | {row['true_auc']:.4f}"
            f" | {gap['value']:+.4f} ({gap['low']:+.4f} to {gap['high']:+.4f}): {near}"
            f" | {slope['value']:.2f} ({slope['low']:.2f} to {slope['high']:.2f}): {straight}"
            f" | {expected['auc']:.4f} of {expected['true_auc']:.4f} | {expected['slope']:.2f}"
            f" | {row['error']:.4f} of {row['spread']:.4f} |"
        )


def _product(row: Mapping[str, Any]) -> str:
    return f", {row['product'].replace('_', ' ')}" if "product" in row else ""


def section(figures: Mapping[str, Any]) -> Iterator[str]:
    """Write the page's section on the synthetic bank."""
    yield ""
    yield "## `harbour`: against what is true"
    yield ""
    yield (
        "Test and out-of-time samples, which nothing was chosen on, save that `retail_default` is"
        " calibrated on folds, and the outcome of `attrition` was defined anew: both were decided"
        " after such figures had been seen. *True AUC*: what"
        " the true probabilities reach on the same rows and outcomes; no model can be expected to"
        " do better, for they know states that no extract holds. Bars: an AUC within"
        f" {LARGEST_GAP} of it, a calibration slope from {SLOPES[0]} to {SLOPES[1]}. *Error*: mean"
        " absolute error of the probability against the true one, beside that of a model that"
        " says the mean to everybody. Rows without a true chance (customers who had left, though"
        " their account lay open) are left out. The true chance of taking a product is that"
        " without a campaign: those rows are judged by what customers took of their own accord."
        " *Expected*: over all outcomes that the true chances allow, not those alone that came, so"
        " that no luck of outcomes is in it; the customers are the same."
        " How much of a distance is the few events of 20,000 customers, and how much no extract"
        " shows: [docs/experiments.md](../../docs/experiments.md) has 100,000 of them."
    )
    yield ""
    yield (
        "| model | sample | rows | events | AUC | true AUC | difference | calibration slope"
        " | expected AUC | expected slope | error |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for model in MODELS:
        yield from lines(model, figures.get(f"{model}/truth", ()))
