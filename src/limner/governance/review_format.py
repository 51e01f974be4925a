"""Numbers as a reviewer reads them: sensible precision, thousands separators, no exponents."""

# Figures near 0 or 1 where a model is good; one digit more tells them apart.
_FINE = frozenset({"agreement", "ece", "brier"})


def count(number: int) -> str:
    """Group the digits of a count.

    >>> count(45211)
    '45,211'
    """
    return f"{number:,}"


def number(value: float, decimals: int = 3) -> str:
    """Write a figure with a true minus sign.

    >>> number(-0.03506, 2)
    '−0.04'
    """
    return f"{value:,.{decimals}f}".replace("-", "−")


def percent(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage.

    >>> percent(0.11241)
    '11.2%'
    """
    return f"{number(100 * share, decimals)}%"


def decimals_of(figure: str) -> int:
    """Return how many decimals a figure is shown with; gate keys such as ``test/ece`` too.

    >>> decimals_of("test/ece"), decimals_of("auc")
    (4, 3)
    """
    return 4 if figure.rpartition("/")[2] in _FINE else 3


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
    "decimals_of": decimals_of,
    "tiny": tiny,
}
