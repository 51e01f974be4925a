"""Every number by which a draft is decided."""

from typing import Annotated

from pydantic import Field

from limner.settings import Count, Section, Share


class OnboardingLimits(Section):
    """Limits of the drafting; a draft says beside each line which of them spoke."""

    # Rows looked at where all would cost too much: shapes of values, leaks, duplicates.
    sample_rows: Count = 100_000
    # The same, in cells, so that a wide file is not read into memory whole.
    sample_cells: Count = 8_000_000
    # A column that alone ranks the outcome this well (AUC) is suspected of knowing it.
    leak_auc: Annotated[float, Field(gt=0.5, lt=1)] = 0.8
    # So is one with a value held by this many rows that all have the event.
    settling_rows: Count = 50
    # A category or code in fewer rows may miss the development sample: it is not kept.
    least_rows: Count = 20
    # A column of texts with more values than this is no category.
    most_categories: Count = 50
    # A protected attribute with more groups than this cannot be assessed by group.
    most_groups: Count = 20
    # Share of rows that the kept categories must hold.
    category_cover: Share = 0.8
    # Share of values that must be numbers (or dates) for the column to be of numbers.
    typed_share: Share = 0.95
    # Share of rows whose value is no number and that may go to quarantine for it.
    stray_share: Share = 0.002
    # Share of distinct values from which a text names its row.
    unique_share: Share = 0.95
    # Correlation, or share of equal values, from which two columns say the same.
    near_duplicate: Share = 0.999
    # Share of the latest rows that the out-of-time sample is drafted with.
    late_share: Share = 0.2
    # Fewer rows of the rarer outcome than this, and there is no model to build.
    least_events: Count = 50
    # Files up to this size are taken in once, on trial, before anything is written.
    rehearsed_bytes: Count = 200_000_000
