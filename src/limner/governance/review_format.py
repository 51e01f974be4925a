"""Numbers as a reviewer reads them: sensible precision, thousands separators, no exponents."""

import math

# Figures near 0 or 1 where a model is good; one digit more tells them apart.
_FINE = frozenset({"agreement", "ece", "brier", "worst_ece"})
# Money in minor units: whole.
_WHOLE = frozenset({"mae", "rmse", "bias", "mean_expected", "mean_realised", "mean_width"})


def count(number: int) -> str:
    """Group the digits of a count.

    >>> count(45211)
    '45,211'
    """
    return f"{number:,}"


def number(value: float, decimals: int = 3) -> str:
    """Write a figure with a true minus sign, and none before nought.

    >>> number(-0.03506, 2), number(-0.00001, 2)
    ('−0.04', '0.00')
    """
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", "−")


def percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage.

    >>> percent(0.11241)
    '11.2%'
    """
    return f"{number(100 * share, decimals)}%"


def decimals_of(figure: str) -> int:
    """Return how many decimals a figure is shown with; gate keys such as ``test/ece`` too.

    >>> decimals_of("test/ece"), decimals_of("auc"), decimals_of("mae")
    (4, 3, 0)
    """
    name = figure.rpartition("/")[2]
    if name in _WHOLE:
        return 0
    return 4 if name in _FINE else 3


def signed(value: float, decimals: int = 3) -> str:
    """Write a difference with its sign.

    >>> signed(0.0074, 4), signed(-0.5, 1), signed(0.0, 1)
    ('+0.0074', '−0.5', '0.0')
    """
    text = number(value, decimals)
    return f"+{text}" if value > 0 and float(f"{value:.{decimals}f}") > 0 else text


def chance(p_value: float) -> str:
    """Write a p-value as one reads it.

    >>> chance(0.0314), chance(0.00002), chance(1.0)
    ('0.031', 'below 0.001', '1.000')
    """
    return "below 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def halves_to_doubles(ratio: float) -> float:
    """Place a ratio on a line from 2 (a half or less) over 52 (one) to 102 (double or more).

    >>> [halves_to_doubles(ratio) for ratio in (0.0, 0.5, 1, 2, 9)]
    [2.0, 2.0, 52.0, 102.0, 102.0]
    """
    return 52 + 50 * max(-1.0, min(1.0, math.log2(max(ratio, 1e-9))))


def tiny(value: float) -> str:
    """Write a small number without an exponent, to two significant digits.

    >>> tiny(3.0165e-06)
    '0.000003'
    """
    return f"{value:.6f}".rstrip("0").rstrip(".") if value >= 5e-7 else "below 0.000001"


FILTERS = {
    "count": count,
    "number": number,
    "percent": percent,
    "signed": signed,
    "halves_to_doubles": halves_to_doubles,
    "chance": chance,
    "decimals_of": decimals_of,
    "tiny": tiny,
}
