"""Every number by which a draft of a new portfolio is decided."""

from typing import Annotated

from pydantic import Field

from limner.settings.model import Training
from limner.settings.section import Count, Section, Share


class TrialSettings(Section):
    """Training settings that a draft compares by folds; the best goes into the model's block.

    Attributes:
        rows: drawn at random where the development and validation samples hold more.
        folds: at most; a table of few events has fewer (``training_checks.least_events``).
        stopping_share: of a fold's fitted rows, which stop its boosting early.
        candidates: the first is drafted where a table has too few events to compare them.
    """

    rows: Count
    folds: Annotated[int, Field(ge=2)]
    stopping_share: Share
    candidates: Annotated[tuple[Training, ...], Field(min_length=1)]


class OnboardingLimits(Section):
    """Limits of the drafting, as ``params.yaml`` explains them; a draft says which spoke."""

    sample_rows: Count
    sample_cells: Count
    leak_auc: Annotated[float, Field(gt=0.5, lt=1)]
    missing_leak_auc: Annotated[float, Field(gt=0.5, lt=1)]
    settling_rows: Count
    least_rows: Count
    most_states: Count
    most_categories: Count
    most_groups: Count
    category_cover: Share
    typed_share: Share
    stray_share: Share
    unique_share: Share
    near_duplicate: Share
    late_share: Share
    least_events: Count
    rehearsed_bytes: Count
    trials: TrialSettings
