"""What was found, what to check, and what to run next, for a person at a terminal."""

import shlex
import textwrap
from collections.abc import Iterable, Iterator

from limner.onboarding.columns import NO_UNIT, DraftedColumn
from limner.onboarding.drafting import Drafts, model_features
from limner.onboarding.favoured import side_in_words
from limner.onboarding.naming import shown
from limner.onboarding.plan import LeftOut, Plan
from limner.onboarding.rehearsal import Rehearsal
from limner.onboarding.trial_table import trial_lines
from limner.onboarding.trials import Trials
from limner.onboarding.words import words_of
from limner.portfolios.words import SUFFIX

_MOST_LINES, _WIDTH = 12, 96


def summarise(
    plan: Plan, drafts: Drafts, rehearsal: Rehearsal, trials: Trials, limit: float, dry_run: bool
) -> str:
    """Write the summary as plain text.

    Args:
        rehearsal: what the intake will make of the file.
        trials: training settings that were compared.
        limit: share of rows that the intake may quarantine.
    """
    parts = [_found(plan), _suspects(plan), _checks(plan)]
    lines = [line for part in parts for line in part]
    lines += ["", *_rehearsed(rehearsal, limit), "", *trial_lines(trials, rehearsal.whole)]
    lines += ["", *_written(plan, drafts, dry_run)]
    return "\n".join([*lines, "", *_next(plan, dry_run)])


def _found(plan: Plan) -> Iterator[str]:
    yield f"{plan.file_name}: {plan.rows:,} rows"
    for reason in plan.shape.reasons:
        yield from _item(reason)
    yield from _item(plan.outcome.reasons[0])
    yield from _item(
        f"{plan.target.events:,} rows have the event ({plan.target.rate:.2%});"
        f" the model is drafted with {len(model_features(plan))} features"
    )
    for reason in plan.outcome.reasons:
        if "quarantine" in reason:
            yield from _item(reason)
    if plan.sampled_rows < plan.rows:
        yield from _item(
            f"leaks, duplicates and shapes of values: judged on {plan.sampled_rows:,} rows drawn"
            " from all; ranges, codes and missing values: on every row"
        )


def _suspects(plan: Plan) -> Iterator[str]:
    groups = (
        (
            "Suspected of knowing the outcome: kept out of the model (--keep COLUMN keeps one in)",
            "leak",
        ),
        ("Kept out of the model by --drop", "dropped"),
        ("Protected attributes: for assessment by group, no features", "protected"),
        ("Says what another column says: no feature", "duplicate"),
    )
    for title, use in groups:
        yield from _block(title, (_column_line(c, c.reasons[0]) for c in plan.used_as(use)))
    strong = [c for c in plan.used_as("feature") if c.finding]
    yield from _block(
        "Strong, and kept in the model (--drop COLUMN keeps one out)",
        (_column_line(c, c.reasons[0]) for c in strong),
    )
    dates = (_column_line(c, c.reasons[0]) for c in plan.used_as("date"))
    yield from _block("Dates", dates)
    coded = [
        _column_line(c, reason)
        for c in plan.columns for reason in c.reasons if "read as a code" in reason
    ]  # fmt: skip
    yield from _block("Codes among numbers", coded)
    rare = [
        _column_line(c, reason)
        for c in plan.columns for reason in c.reasons if "too rare" in reason
    ]  # fmt: skip
    yield from _block("Values too rare to learn from", rare)
    kinds = sorted({c.kind for c in plan.left_out}, key=_KINDS.index)
    for kind in kinds:
        yield from _block(_LEFT_OUT[kind], (_left_line(c) for c in plan.left_out if c.kind == kind))


_LEFT_OUT = {
    "identifier": "Suspected identifiers: not taken in",
    "protected": "Protected, without groups to assess by: not taken in",
    "free text": "Free text: not taken in",
    "mixed dates": "Dates in two orders: not taken in until they are written in one",
    "many values": "Too many values for categories: not taken in",
    "constant": "Constant: not taken in",
    "empty": "Empty: not taken in",
}
_KINDS = list(_LEFT_OUT)
# Words of reasons that a person must look at.
_TO_CHECK = (
    "two ways", "swapped", "repeat an id", "hold text", "and no day", "have the day first",
    "negative amounts", "minus sign",
)  # fmt: skip


def _questions(plan: Plan) -> Iterator[str]:
    """Ask whether columns that are features so far are protected attributes."""
    for column in plan.columns:
        if column.question and column.use in ("feature", "leak", "duplicate"):
            name = shlex.quote(column.profile.label if column.profile else column.name)
            yield (
                f"{_named(column)}: {column.question}. Is it protected? Yes: --protected {name};"
                f" no: --keep {name}"
            )


def _checks(plan: Plan) -> Iterator[str]:
    yield from _block("Answer, for a header cannot tell", _questions(plan))
    yield ""
    yield "Check, because only a person can know:"
    if not plan.used_as("protected"):
        yield from _item(
            "no column is taken for a protected attribute, so outcomes by group cannot be"
            " assessed: state --protected COLUMN if there is one"
        )
    yield from _item("is every feature known before the outcome? Limner sees values, not dates of"
                     " entry")  # fmt: skip
    yield from _item(side_in_words(plan))
    purpose = f"the purpose is {plan.purpose.value}" if plan.purpose else "no purpose is stated"
    yield from _item(f"{purpose}: it decides which consent a customer must have given")
    if plan.time.late_from is None:
        yield from _item(plan.time.reason)
    else:
        yield from _item(f"out of time from {plan.time.late_from}: {plan.time.reason}")
    for column in plan.columns:
        for reason in column.reasons:
            if any(sign in reason for sign in _TO_CHECK):
                yield from _item(_column_line(column, reason))
    unitless = [_named(c) for c in plan.columns if c.column.unit == NO_UNIT]
    if unitless:
        yield from _item(f"state the units of {_some(unitless)}")


def _rehearsed(rehearsal: Rehearsal, limit: float) -> Iterator[str]:
    report = rehearsal.report
    share = report.rows_quarantined / report.rows_in
    yield (
        f"{'Tried on the file' if rehearsal.whole else 'Tried on rows drawn from the large file'}:"
        f" {report.rows_in:,} rows in = {report.rows_trusted:,} trusted +"
        f" {report.rows_quarantined:,} quarantined"
    )
    for breach in report.breaches[:_MOST_LINES]:
        yield from _item(f"{breach.column} {breach.rule}: {breach.rows:,} rows break it")
    if share > limit:
        yield from _item(f"that is more than intake.quarantine_limit ({limit:.1%}): widen the rule")


def _written(plan: Plan, drafts: Drafts, dry_run: bool) -> Iterator[str]:
    yield "Would be drafted (--dry-run wrote nothing):" if dry_run else "Drafted:"
    for file in drafts.files:
        yield f"  {file.as_posix()}"
    yield f"  params.yaml: portfolios.{plan.wanted.name} and models.{plan.wanted.model}"


def _next(plan: Plan, dry_run: bool) -> Iterator[str]:
    model = plan.wanted.model
    if dry_run:
        yield "Next: the same command without --dry-run."
        return
    yield f"Next: write what only people know into src/limner/portfolios/{plan.wanted.name}{SUFFIX}"
    open_ones = [("purpose", plan.purpose), ("favourable_for", plan.favours_event)]
    lacking = [key for key, stated in open_ones if stated is None]
    if lacking:
        yield f"(no stage of {model} runs before {' and '.join(lacking)} is stated there)"
    else:
        yield "(the stages run before that, but no version becomes champion)"
    yield "  uv run limner check    lists each line that is still open"
    yield f"  uv run dvc repro register@{model}"
    yield f"and open artifacts/models/{model}/review.html"
    yield "To start over: remove the files and the two blocks of params.yaml named above."


def _column_line(column: DraftedColumn, reason: str) -> str:
    return f"{_named(column)}: {reason}"


def _named(column: DraftedColumn) -> str:
    """Name a column, with its header where that is not plainly the same."""
    header = shown(column.profile.label) if column.profile else ""
    same = not header or "_".join(words_of(header)) == column.name
    return column.name if same else f"{column.name} ({header})"


def _left_line(column: LeftOut) -> str:
    return f"{column.label or '(no header)'}: {column.reason}"


def _block(title: str, lines: Iterable[str]) -> Iterator[str]:
    all_lines = list(lines)
    if not all_lines:
        return
    yield ""
    yield f"{title} ({len(all_lines)}):"
    for line in all_lines[:_MOST_LINES]:
        yield from _item(line)
    if len(all_lines) > _MOST_LINES:
        yield f"  … {len(all_lines) - _MOST_LINES} more, each with its reason in the drafts"


def _item(text: str) -> Iterator[str]:
    yield from textwrap.wrap(text, _WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _some(names: list[str], most: int = 6) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
