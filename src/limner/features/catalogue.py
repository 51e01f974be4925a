"""A feature as data: readable to a reviewer, evaluated in one place."""

from typing import Literal

from pydantic.dataclasses import dataclass

from limner.contract import Contract, Sensitivity, Timing
from limner.domain import Bilingual, Purpose
from limner.errors import UnknownName

Formula = Literal[
    "value", "code", "sum", "product", "ratio", "product_ratio", "a_head", "day_of_year"
]
_NEED_A_REASON = (Sensitivity.PROTECTED, Sensitivity.PROXY)


@dataclass(frozen=True)
class Feature:
    """One input of a model, computed from one or more columns of the trusted table.

    Formulas:
        value: the column itself; numbers that are codes count as missing.
        code: a category with the column's code, or ``none``.
        sum, product: over the columns' values; missing if any of them is.
        ratio, product_ratio: the sum, or product, of all columns but the last over the last;
            missing if any of them is, or if the last is 0.
        a_head: the first column over one more than the last, which counts the others.
        day_of_year: of a day of the month and a month, named in the order of the calendar;
            in a year of 365 days.

    ``label`` names the feature in profiles; ``reason`` is what a customer or
    reviewer reads when it moved a score.
    """

    name: str
    of: tuple[str, ...]
    meaning: str
    label: Bilingual
    reason: Bilingual
    formula: Formula = "value"
    unit: str = ""
    purposes: tuple[Purpose, ...] = (Purpose.PROFILING, Purpose.CREDIT)


@dataclass(frozen=True)
class Catalogue:
    """All features of one portfolio."""

    contract: Contract
    features: tuple[Feature, ...]

    def find(self, name: str) -> Feature:
        """Return one feature.

        Raises:
            UnknownName: the catalogue has no such feature.
        """
        found = next((f for f in self.features if f.name == name), None)
        if found is None:
            raise UnknownName("feature", name, (f.name for f in self.features))
        return found

    def is_category(self, feature: Feature) -> bool:
        """Whether the feature's values are categories."""
        kind = self.contract.column(feature.of[0]).kind
        return feature.formula == "code" or kind == "category"

    def protected_inputs(self, feature: Feature) -> tuple[str, ...]:
        """Protected columns, and proxies of such, that the feature is computed from."""
        return tuple(c for c in feature.of if self._sensitivity(c) in _NEED_A_REASON)

    def why_never(self, feature: Feature) -> str | None:
        """Say why no model may ever use the feature, or None if one may."""
        for name in feature.of:
            column = self.contract.column(name)
            if column.timing is not Timing.BEFORE_OUTCOME:
                return f"the contract marks {name} as {column.timing.value}"
            if column.sensitivity is Sensitivity.IDENTIFIER:
                return f"the contract marks {name} as an identifier"
        return None

    def _sensitivity(self, column: str) -> Sensitivity:
        return self.contract.column(column).sensitivity
