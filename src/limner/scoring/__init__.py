"""The only path from customer facts to score and reasons: batch, HTTP and replay call it.

``records`` says what facts a model takes, ``path`` leads from them to scores, and each family
of models has a module that reads its margins.
"""

from limner.scoring.path import (
    contributions_to_score,
    example_table,
    margins_of,
    matrix_of,
    score_frame,
    score_records,
    score_table,
    scored,
)
from limner.scoring.records import (
    admitted_columns,
    check_records,
    must_be_given,
)
from limner.scoring.scores import (
    AmountScore,
    ChoiceScore,
    ProbabilityScore,
    ProductChance,
    Reason,
    Score,
    Scored,
    SegmentScore,
)

__all__ = [
    "AmountScore",
    "ChoiceScore",
    "ProbabilityScore",
    "ProductChance",
    "Reason",
    "Score",
    "Scored",
    "SegmentScore",
    "admitted_columns",
    "check_records",
    "contributions_to_score",
    "example_table",
    "margins_of",
    "matrix_of",
    "must_be_given",
    "score_frame",
    "score_records",
    "score_table",
    "scored",
]
