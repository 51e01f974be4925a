"""Champion against challenger: compared on the same customers, or it is said why not."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from limner.champion_comparison import ChampionComparison, compare_with_champion
from limner.domain import SampleName
from limner.modelling.checked_folder import write_checksums
from limner.modelling.fitted import MANIFEST_FILE, FittedModel, digest_of, write_model
from limner.registry.memory import InMemoryRegistry
from limner.registry.protocol import CHAMPION, TrainingRun
from limner.samples import SAMPLE_COLUMN
from small_models import (
    AMOUNT,
    CHOICE,
    PROPENSITY,
    RISK,
    SEGMENTS,
    fitted,
    quick_settings,
    samples_of,
)

CHALLENGER = fitted(RISK)


def customers(model: str = RISK) -> pd.DataFrame:
    samples = zip((SampleName.VALIDATION, SampleName.TEST), samples_of(model)[1:], strict=True)
    return pd.concat([frame.assign(**{SAMPLE_COLUMN: name.value}) for name, frame in samples])


def registry_with(champion: FittedModel, folder: Path, layout: str = "") -> InMemoryRegistry:
    """Register a champion; ``layout`` is another manifest than the one of today's layout."""
    files = folder / "champion"
    files.mkdir()
    write_model(champion, files)
    if layout:
        (files / MANIFEST_FILE).write_text(layout)
        write_checksums(files)
    registry = InMemoryRegistry()
    version = registry.register(
        TrainingRun(
            model=champion.manifest.model, digest=digest_of(files), parameters={}, metrics={},
            tags={}, fitted_directory=files, pyfunc_code=files, input_example=pd.DataFrame(),
            output_example=pd.DataFrame(),
        )
    )  # fmt: skip
    registry.set_alias(version.model, CHAMPION, version.version)
    return registry


def compare(champion: FittedModel, folder: Path) -> ChampionComparison | None:
    registry = registry_with(champion, folder)
    return compare_with_champion(registry, CHALLENGER, "new", customers(), quick_settings())


def test_another_calibration_ranks_the_same_and_predicts_otherwise(tmp_path: Path) -> None:
    found = compare(fitted(RISK, "none"), tmp_path)
    assert found
    assert found.not_compared is None
    (comparison,) = found.comparisons
    assert (comparison.sample, comparison.first, comparison.second) == (
        "test", "challenger", "champion")  # fmt: skip
    assert comparison.customers == len(samples_of(RISK).test)
    assert comparison.differences["auc"].value == pytest.approx(0, abs=1e-12)
    assert comparison.differences["log_loss"].value != 0


def test_without_a_champion_there_is_nothing_to_compare() -> None:
    settings = quick_settings()
    found = compare_with_champion(InMemoryRegistry(), CHALLENGER, "new", customers(), settings)
    assert found is None


def test_a_version_that_is_the_champion_is_not_compared_with_itself(tmp_path: Path) -> None:
    registry = registry_with(CHALLENGER, tmp_path)
    digest = digest_of(tmp_path / "champion")
    settings = quick_settings()
    assert compare_with_champion(registry, CHALLENGER, digest, customers(), settings) is None


def test_segments_are_compared_by_who_would_change(tmp_path: Path) -> None:
    one = fitted(SEGMENTS)
    found = compare_with_champion(
        registry_with(one, tmp_path), one, "new", customers(SEGMENTS), quick_settings()
    )
    assert found
    assert (found.comparisons, found.not_compared) == ((), None)
    (alike,) = found.segments
    assert (alike.sample, alike.first, alike.second) == ("test", "challenger", "champion")
    assert alike.rows == len(samples_of(SEGMENTS).test)
    assert (alike.adjusted_rand.value, alike.moved.value) == (1, 0)
    part = one.manifest.segmentation
    assert part
    assert alike.first_segments == tuple(segment.name for segment in part.segments)


def test_a_champion_without_segments_is_named_as_not_compared(tmp_path: Path) -> None:
    champion = fitted(PROPENSITY)
    named = champion.manifest.model_copy(update={"model": SEGMENTS})
    found = compare_with_champion(
        registry_with(replace(champion, manifest=named), tmp_path), fitted(SEGMENTS), "new",
        customers(SEGMENTS), quick_settings(),
    )  # fmt: skip
    assert found
    assert found.not_compared == "the champion gives no segments"
    assert found.segments == ()


def test_a_champion_whose_columns_are_gone_is_named_as_not_compared(tmp_path: Path) -> None:
    registry = registry_with(fitted(RISK, "none"), tmp_path)
    column = next(iter(CHALLENGER.manifest.columns))
    without = customers().drop(columns=column)
    found = compare_with_champion(registry, CHALLENGER, "new", without, quick_settings())
    assert found
    assert found.comparisons == ()
    assert found.not_compared == f"the sample lacks columns of the champion: {column}"


def test_a_champion_of_another_layout_is_named_as_not_compared(tmp_path: Path) -> None:
    registry = registry_with(fitted(RISK, "none"), tmp_path, layout="{}")
    found = compare_with_champion(registry, CHALLENGER, "new", customers(), quick_settings())
    assert found
    assert found.not_compared
    assert "no fitted model of this version" in found.not_compared


def test_amounts_are_compared_by_their_errors(tmp_path: Path) -> None:
    champion = fitted(AMOUNT)
    part = champion.manifest.amount
    assert part
    # A challenger that expects half of what the champion does.
    halved = part.model_copy(update={"slope": part.slope / 2, "intercept": part.intercept / 2})
    other = replace(champion, manifest=champion.manifest.model_copy(update={"amount": halved}))
    found = compare_with_champion(
        registry_with(champion, tmp_path), other, "new", customers(AMOUNT), quick_settings()
    )
    assert found
    assert found.not_compared is None
    (comparison,) = found.comparisons
    assert comparison.differences["mae"].low > 0
    assert comparison.differences["rank_correlation"].value == pytest.approx(0, abs=1e-3)


def test_recommendations_are_compared_by_the_products_that_both_ask_about(tmp_path: Path) -> None:
    champion = fitted(CHOICE)
    part = champion.manifest.choice
    assert part
    # A challenger that holds the least likely product for worth the most.
    values = [1000.0 if place == len(part.products) - 1 else 1.0
              for place in range(len(part.products))]  # fmt: skip
    products = tuple(
        product.model_copy(update={"value": value})
        for product, value in zip(part.products, values, strict=True)
    )
    skewed = part.model_copy(update={"products": products})
    other = replace(champion, manifest=champion.manifest.model_copy(update={"choice": skewed}))
    found = compare_with_champion(
        registry_with(champion, tmp_path), other, "new", customers(CHOICE), quick_settings()
    )
    assert found
    assert found.not_compared is None
    (comparison,) = found.comparisons
    assert comparison.sample == "test"
    assert comparison.differences["hit_1"].value != 0
    assert comparison.differences["mean_auc"].value == pytest.approx(0, abs=1e-12)


def test_a_champion_of_other_products_is_named_as_not_compared(tmp_path: Path) -> None:
    champion = fitted(CHOICE)
    part = champion.manifest.choice
    assert part
    renamed = part.model_copy(
        update={"products": tuple(p.model_copy(update={"kind": f"old_{p.kind}"})
                                  for p in part.products)}
    )  # fmt: skip
    old = replace(champion, manifest=champion.manifest.model_copy(update={"choice": renamed}))
    found = compare_with_champion(
        registry_with(old, tmp_path), champion, "new", customers(CHOICE), quick_settings()
    )
    assert found
    assert found.comparisons == ()
    assert found.not_compared == "the two ask about no product in common"


def test_a_champion_of_another_kind_is_named_as_not_compared(tmp_path: Path) -> None:
    champion = fitted(RISK)
    named = champion.manifest.model_copy(update={"model": AMOUNT})
    registry = registry_with(replace(champion, manifest=named), tmp_path)
    found = compare_with_champion(
        registry, fitted(AMOUNT), "new", customers(AMOUNT), quick_settings()
    )
    assert found
    assert found.not_compared == "the champion gives no amount"
