"""The nearest centre against every distance measured."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from limner.contract import Column
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.modelling.k_means import CentreSpace, design_matrix, fit_axes, nearest
from limner.modelling.segmentation import fit_clustering, measure_stability
from limner.settings import SegmentationSettings

TEXT = Bilingual("text", "文字")
COLUMNS = {
    "balance": Column("balance", "number", "A balance"),
    "job": Column("job", "category", "A job"),
}
FEATURES = [Feature(name, (name,), name, TEXT, TEXT) for name in COLUMNS]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("offset", [0.0, 300.0])
def test_the_nearest_centre_is_nearest_of_all_distances(seed: int, offset: float) -> None:
    draw = np.random.default_rng(seed)
    design = draw.normal(offset, 1, (500, 6))
    centres = draw.normal(offset, 1, (5, 6))
    assert (nearest(centres, design) == cdist(design, centres).argmin(axis=1)).all()


def test_places_customers_by_hand() -> None:
    facts = {"balance": [np.e - 1, -(np.e - 1), None, 0.0], "job": ["maid", "maid", "chef", "maid"]}
    design = design_matrix(fit_axes(FEATURES, COLUMNS, facts), COLUMNS, facts)
    # Signed logs 1, -1, missing (placed at the centre) and 0; their deviation is root 2/3.
    logs = np.array([1, -1, 0, 0]) / np.sqrt(2 / 3)
    # Shares 1/4 and 3/4; both indicators together weigh as much as one number.
    spread = np.sqrt(1 / 4 * 3 / 4 + 3 / 4 * 1 / 4)
    chef = (np.array([0, 0, 1, 0]) - 1 / 4) / spread
    maid = (np.array([1, 1, 0, 1]) - 3 / 4) / spread
    np.testing.assert_allclose(design, np.stack([logs, chef, maid], axis=1), atol=1e-12)


def test_segments_are_numbered_from_the_largest_and_come_back() -> None:
    draw = np.random.default_rng(1)
    design = np.vstack([draw.normal(c, 0.1, (n, 2)) for c, n in ((0, 30), (5, 200), (9, 70))])
    first, again = (fit_clustering(CentreSpace(()), design, 3, starts=3, seed=7) for _ in range(2))
    assert first == again
    sizes = np.bincount(nearest(np.array(first.centres), design))
    assert sizes.tolist() == [200, 70, 30]


def test_true_groups_are_stable_and_one_more_is_less_so() -> None:
    draw = np.random.default_rng(1)
    design = np.vstack([draw.normal(c, 0.3, (150, 2)) for c in (0, 5, 10)])
    wanted = SegmentationSettings(
        candidates=(3, 5), resample_pairs=3, minimum_stability=0.9, starts=3, defining_features=1
    )
    three, five = measure_stability(CentreSpace(()), design, wanted, seed=1)
    assert three.mean == pytest.approx(1.0)
    assert five.lowest <= five.mean <= five.highest < 0.95
