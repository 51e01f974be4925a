"""Material of a review page for every test of it."""

from pathlib import Path

import pytest

from limner.governance.review_page import ReviewMaterial
from review_material import material_in


@pytest.fixture
def material(tmp_path: Path) -> ReviewMaterial:
    return material_in(tmp_path)
