"""Every number by which a draft of a new portfolio is decided."""

from typing import Annotated

from pydantic import Field

from limner.settings.section import Count, Section, Share


class OnboardingLimits(Section):
    """Limits of the drafting, as ``params.yaml`` explains them; a draft says which spoke."""

    sample_rows: Count
    sample_cells: Count
    leak_auc: Annotated[float, Field(gt=0.5, lt=1)]
    settling_rows: Count
    least_rows: Count
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
