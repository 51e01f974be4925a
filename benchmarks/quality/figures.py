"""Figures as a table of this page shows them: without a leading zero, intervals in brackets."""

from collections.abc import Mapping
from typing import Any


def figure(value: float, digits: int = 3) -> str:
    """Write one figure."""
    return f"{value:.{digits}f}".removeprefix("0")


def estimate(found: Mapping[str, Any], digits: int = 3) -> str:
    """Write a figure and its interval."""
    low, high = figure(found["low"]), figure(found["high"])
    return f"{figure(found['value'], digits)} ({low} to {high})"
