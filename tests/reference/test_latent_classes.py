"""Latent classes against every probability multiplied out, and against groups that were planted."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from limner.contract import Column
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.modelling.latent_classes import (
    LatentClasses,
    LatentSpace,
    bin_edges,
    blocks_of,
    fit_classes,
    fit_levels,
    level_matrix,
    log_likelihood,
    most_probable,
)
from limner.modelling.segmentation import fit_clustering

TEXT = Bilingual("text", "文字")
COLUMNS = {
    "age": Column("age", "number", "An age"),
    "held": Column("held", "number", "Accounts held"),
    "job": Column("job", "category", "A job"),
}
FEATURES = [Feature(name, (name,), name, TEXT, TEXT) for name in COLUMNS]
JOBS = ("clerk", "none", "student")


def planted(size: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Make three kinds of people: students, clerks with accounts, and the old."""
    draw = np.random.default_rng(seed)
    kind = draw.choice(3, size, p=[0.2, 0.5, 0.3])
    facts = {
        "age": draw.normal(np.array([21, 40, 72])[kind], np.array([2, 8, 6])[kind]),
        "held": draw.poisson(np.array([0.2, 3, 1])[kind]).astype(float),
        "job": np.array(JOBS, dtype=object)[
            np.where(draw.random(size) < 0.9, np.array([2, 0, 1])[kind], draw.integers(0, 3, size))
        ],
    }
    return facts, kind


def with_gaps(facts: dict[str, np.ndarray], share: float, seed: int) -> dict[str, np.ndarray]:
    draw = np.random.default_rng(seed)
    gone = {name: draw.random(len(values)) < share for name, values in facts.items()}
    return {
        name: np.where(gone[name], None if values.dtype == object else np.nan, values)
        for name, values in facts.items()
    }


def fitted(facts: dict[str, np.ndarray], segments: int = 3) -> LatentClasses:
    space = LatentSpace(fit_levels(FEATURES, COLUMNS, facts, 6))
    found = fit_clustering(space, space.place(COLUMNS, facts), segments, starts=6, seed=3)
    assert isinstance(found, LatentClasses)
    return found


def slowly(classes: LatentClasses, record: dict[str, object]) -> list[float]:
    """Multiply out each class's probability of one record, leaving out what is missing."""
    found = list(classes.shares)
    for level, *chances in zip(classes.levels, *classes.probabilities, strict=True):
        value = record[level.feature.name]
        if value is None or value != value:  # noqa: PLR0124 - not a number
            continue
        if level.value is not None:
            inside = value == level.value
        else:
            low = -np.inf if level.low is None else level.low
            high = np.inf if level.high is None else level.high
            inside = low <= float(str(value)) < high
        if inside:
            found = [one * chance for one, chance in zip(found, chances, strict=True)]
    return found


def test_customers_are_in_the_class_of_the_largest_product() -> None:
    facts = with_gaps(planted(600, 1)[0], 0.2, 2)
    classes = fitted(facts)
    products = np.array(
        [slowly(classes, {n: v[i] for n, v in facts.items()}) for i in range(600)]
    )  # fmt: skip
    assert (classes.assign(COLUMNS, facts) == products.argmax(axis=1)).all()


def test_the_log_likelihood_is_the_sum_over_all_classes() -> None:
    facts = with_gaps(planted(300, 1)[0], 0.2, 2)
    classes = fitted(facts)
    parameters = np.column_stack([np.log(classes.shares), np.log(np.array(classes.probabilities))])
    products = [sum(slowly(classes, {n: v[i] for n, v in facts.items()})) for i in range(300)]
    design = level_matrix(classes.levels, COLUMNS, facts)
    assert log_likelihood(parameters, design) == pytest.approx(np.log(products).sum())


@pytest.mark.parametrize("missing", [0.0, 0.15])
def test_finds_kinds_of_people_that_were_planted_also_where_values_are_missing(
    missing: float,
) -> None:
    facts, kind = planted(3000, 5)
    classes = fitted(with_gaps(facts, missing, 6))
    assert adjusted_rand_score(kind, classes.assign(COLUMNS, facts)) > 0.9
    # From the largest to the smallest.
    assert classes.shares == pytest.approx((0.5, 0.3, 0.2), abs=0.03)


def test_every_feature_has_probabilities_that_sum_to_one_and_none_is_nought() -> None:
    classes = fitted(planted(600, 1)[0])
    for row in np.array(classes.probabilities):
        assert row.min() > 0
        sums = np.add.reduceat(row, blocks_of(classes.levels))
        np.testing.assert_allclose(sums, 1)
    assert sum(classes.shares) == pytest.approx(1)


def test_more_starts_are_never_worse_and_the_same_seed_gives_the_same() -> None:
    facts = with_gaps(planted(800, 3)[0], 0.1, 2)
    levels = fit_levels(FEATURES, COLUMNS, facts, 6)
    design, blocks = level_matrix(levels, COLUMNS, facts), blocks_of(levels)
    assert (fit_classes(design, blocks, 4, 2, 9) == fit_classes(design, blocks, 4, 2, 9)).all()
    likelihoods = [
        log_likelihood(fit_classes(design, blocks, segments, 8, 9), design)
        for segments in (1, 2, 3)
    ]
    assert likelihoods == sorted(likelihoods)


def test_one_class_is_everyone() -> None:
    facts = planted(500, 3)[0]
    levels = fit_levels(FEATURES, COLUMNS, facts, 6)
    design, blocks = level_matrix(levels, COLUMNS, facts), blocks_of(levels)
    (only,) = np.exp(fit_classes(design, blocks, 1, 1, 9))
    np.testing.assert_allclose(only[0], 1)
    # And one customer more, spread evenly over each feature's levels.
    sizes = np.diff([*blocks, len(levels)])
    even = np.repeat(1 / sizes, sizes)
    np.testing.assert_allclose(only[1:], (design.sum(axis=0) + even) / 501)


def test_a_level_that_a_resample_lacks_is_improbable_and_never_impossible() -> None:
    facts = planted(500, 3)[0]
    levels = fit_levels(FEATURES, COLUMNS, facts, 6)
    design, blocks = level_matrix(levels, COLUMNS, facts), blocks_of(levels)
    without = design[design[:, 0] == 0]
    found = fit_classes(without, blocks, 3, 2, 9)
    assert np.isfinite(found).all()
    assert np.exp(found[:, 1]).max() < 0.01
    assert np.isfinite(log_likelihood(found, design))


def test_the_criterion_finds_as_many_classes_as_were_planted() -> None:
    facts = with_gaps(planted(3000, 5)[0], 0.1, 6)
    space = LatentSpace(fit_levels(FEATURES, COLUMNS, facts, 6))
    design = space.place(COLUMNS, facts)
    found = {segments: space.criterion(design, segments, 6, 3) for segments in (2, 3, 4, 5)}
    assert min(found, key=lambda segments: found[segments]) == 3
    # By hand, of three: shares but one, and levels but one of each feature in each class.
    free = 2 + 3 * (len(space.levels) - 3)
    likelihood = log_likelihood(space.fit(design, 3, 6, 3), design)
    assert found[3] == pytest.approx((free * np.log(3000) - 2 * likelihood) / 3000)


def test_a_customer_of_whom_nothing_is_known_is_in_the_largest_class() -> None:
    classes = fitted(planted(600, 1)[0])
    nothing = {"age": [np.nan], "held": [np.nan], "job": [None]}
    assert classes.assign(COLUMNS, nothing).tolist() == [0]


@given(
    numbers=st.lists(st.integers(0, 6) | st.just(None), min_size=1, max_size=80),
    bins=st.integers(2, 8),
)
def test_bins_never_part_customers_of_one_value_and_none_is_empty(
    numbers: list[int | None], bins: int
) -> None:
    values = np.array([np.nan if n is None else n for n in numbers], dtype=float)
    edges = bin_edges(values, bins)
    known = values[~np.isnan(values)]
    places = np.searchsorted(edges, known, side="right")
    assert (np.diff(edges) > 0).all()
    assert set(places) == (set(range(len(edges) + 1)) if len(known) else set())
    # A value held by a bin's share of customers has a bin of its own.
    for value in set(known):
        if (known == value).sum() >= len(known) / bins:
            assert set(known[places == places[known == value][0]]) == {value}


def test_levels_stand_in_one_row_of_every_customer_whose_value_is_known() -> None:
    facts = with_gaps(planted(400, 1)[0], 0.2, 2)
    levels = fit_levels(FEATURES, COLUMNS, facts, 6)
    marked = np.add.reduceat(level_matrix(levels, COLUMNS, facts), blocks_of(levels), axis=1)
    for place, name in enumerate(facts):
        known = np.array([value is not None and value == value for value in facts[name]])  # noqa: PLR0124
        assert (marked[:, place] == known).all()


def test_a_number_that_is_always_the_same_has_one_level_and_its_gaps_none() -> None:
    facts = {"age": np.array([30.0, np.nan, 30.0])}
    (level,) = fit_levels(FEATURES[:1], COLUMNS, facts, 6)
    assert (level.value, level.low, level.high) == (None, None, None)
    assert level_matrix([level], COLUMNS, facts).tolist() == [[1.0], [0.0], [1.0]]


def test_an_artefact_comes_back_from_json_as_it_was() -> None:
    from pydantic import TypeAdapter

    from limner.modelling.segmentation import Clustering

    facts = planted(400, 1)[0]
    classes = fitted(facts)
    adapter: TypeAdapter[Clustering] = TypeAdapter(Clustering)
    text = adapter.dump_json(classes)
    again = adapter.validate_json(text)
    assert again == classes
    assert set(json.loads(text)) == set(asdict(classes))
    assert (again.assign(COLUMNS, facts) == classes.assign(COLUMNS, facts)).all()


def test_most_probable_of_equals_is_the_first() -> None:
    parameters = np.log(np.full((2, 3), 0.5))
    assert most_probable(parameters, np.eye(2)).tolist() == [0, 0]
