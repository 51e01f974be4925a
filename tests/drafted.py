"""Files nobody prepared, and what is drafted from them."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from limner.onboarding.add import Request, look_at, wanted_of
from limner.onboarding.columns import DraftedColumn
from limner.onboarding.plan import Plan
from limner.onboarding.rehearsal import drafted_portfolio
from limner.onboarding.trials import Trials
from limner.settings import OnboardingLimits
from project import settings
from tiny import Intake

ROWS = 600
Table = Mapping[str, Sequence[str]]


class Drafted(NamedTuple):
    """A plan, and the intake of the file by it."""

    plan: Plan
    intake: Intake

    def column(self, name: str) -> DraftedColumn:
        return next(c for c in self.plan.columns if c.name == name)

    def use(self, name: str) -> str:
        return next((c.use for c in self.plan.columns if c.name == name), "left out")

    def left_out(self) -> dict[str, str]:
        return {c.label: c.kind for c in self.plan.left_out}

    def reasons(self, name: str) -> str:
        return " / ".join(self.column(name).reasons)


def draft(
    file: Path, target: str = "target", limits: OnboardingLimits | None = None, **options: Any
) -> Drafted:
    """Draft from a file and take the file in by the draft, all rows counted."""
    request = Request("tiny", file, target, model="tiny_target", **options)
    limits = limits or settings().onboarding
    plan = look_at(request, wanted_of(request), limits, 0.01, 1, lambda text: None)
    taken = Intake(drafted_portfolio(plan), file)
    rows = len(taken.trusted) + len(taken.quarantine)
    assert rows == plan.rows == taken.report.rows_in
    return Drafted(plan, taken)


def not_compared() -> Trials:
    """Take the first training settings, as a table of too few events does."""
    chosen = settings().onboarding.trials.candidates[0]
    return Trials(chosen, (), rows=0, rows_of=0, folds=0, events=0, confidence=0.95, seed=1)


def customers(rows: int = ROWS, seed: int = 3) -> dict[str, list[str]]:
    """Make plain columns: an age, an amount, a count, a colour, and a target that follows them."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 80, rows)
    amount = draw.lognormal(7, 1, rows).round(2)
    count = draw.poisson(2, rows)
    colour = draw.choice(["blue", "red", "grün"], rows)
    odds = -1.5 + 0.4 * count + (colour == "red") - (amount > 1500)
    target = (draw.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    return {
        "age": [str(v) for v in age],
        "amount": [f"{v:.2f}" for v in amount],
        "count": [str(v) for v in count],
        "colour": [str(v) for v in colour],
        "target": [str(v) for v in target],
    }


def write(
    file: Path, table: Table, separator: str = ",", encoding: str = "utf-8", header: bool = True,
    line_end: str = "\n", trailing: str = "", title: str = "",
    quote: Callable[[str], str] = lambda cell: cell,
) -> Path:  # fmt: skip
    """Write a table as text, as carelessly as asked."""
    lines = [separator.join(table)] if header else []
    rows = zip(*table.values(), strict=True)
    lines += [separator.join(quote(cell) for cell in row) + trailing for row in rows]
    text = title + line_end.join(lines) + line_end
    file.write_bytes(text.encode(encoding))
    return file


def amounts(drafted: Drafted, name: str = "amount") -> list[float]:
    """Return a column's trusted numbers."""
    values = pd.to_numeric(drafted.intake.trusted[name])
    return [float(value) for value in values]
