"""A plan as text: the files and blocks that a person will read, correct and keep."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.onboarding.literals import bilingual, comment, quoted, tuple_of
from limner.onboarding.literals import checked as checked_line
from limner.onboarding.naming import shown, words_for
from limner.onboarding.plan import Plan
from limner.onboarding.render_code import (
    render_columns,
    render_features,
    render_mapping,
    render_screened,
)
from limner.onboarding.screening import features_of, screened_columns

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Source:
    """The file as ``params.yaml`` states it."""

    location: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Drafts:
    """New files by their path below the project's root, and two blocks for ``params.yaml``."""

    files: dict[Path, str]
    portfolio_block: str
    out_of_time_block: str
    model_block: str


def write_drafts(plan: Plan, source: Source) -> Drafts:
    """Render every draft of a plan."""
    name, model = plan.wanted.name, plan.wanted.model
    package = Path("src", "limner")
    return Drafts(
        files={
            package / "portfolios" / f"{name}.py": _portfolio(plan),
            package / "portfolios" / f"{name}.sql": _render(
                "portfolio.sql.j2", name=name, lines=render_mapping(plan.columns)
            ),
            package / "features" / f"{name}.py": _render(
                "features.py.j2", name=name, features=render_features(plan.columns)
            ),
            package / "models" / f"{model}.py": _model(plan),
            package / "outcomes" / f"{model}.py": _outcome(plan),
        },
        portfolio_block=_portfolio_block(plan, source),
        out_of_time_block=_out_of_time_block(plan),
        model_block=_model_block(plan),
    )


def bands_of(rate: float) -> list[tuple[str, float]]:
    """Place score bands around the event rate.

    >>> bands_of(0.1)
    [('very low', 0.05), ('low', 0.1), ('medium', 0.2), ('high', 0.4), ('very high', 1.0)]
    """
    names = ("very low", "low", "medium", "high")
    ends: list[tuple[str, float]] = []
    for name, times in zip(names, (0.5, 1, 2, 4), strict=True):
        end = float(f"{rate * times:.2g}")
        if end < 0.95:
            ends.append((name, end))
    return [*ends, ("very high", 1.0)]


def _portfolio(plan: Plan) -> str:
    shape, name = plan.shape, plan.wanted.name
    stated: list[str] = []
    if shape.encoding.name != "utf-8":
        stated.append(f"encoding={quoted(shape.encoding.name)}")
    if not shape.header:
        stated.append("header=False")
    if shape.skip_rows:
        stated.append(f"skip_rows={shape.skip_rows}")
    columns = [quoted(column) for column in plan.extract_columns]
    return _render(
        "portfolio.py.j2",
        name=quoted(name),
        title=_title(name),
        source=_in_docstring(plan.file_name),
        source_text=quoted(shown(plan.file_name)),
        left_out=comment([f"'{shown(c.label)}' ({c.kind}): {c.reason}" for c in plan.left_out], 0),
        words=bilingual(words_for(_title(name), name), 4, "title=").removeprefix("title="),
        shape_reasons=comment(shape.reasons, 4),
        separator=quoted(shape.separator),
        shape=stated,
        extract_columns=tuple_of(columns, 4, "extract_columns="),
        date_column=quoted(_date_name(plan)) if plan.time.column else "",
        columns=render_columns(plan.columns),
    )


def _model(plan: Plan) -> str:
    wanted, outcome = plan.wanted, plan.outcome
    event = shown(plan.target.event_text, 20)
    event = event if event.isascii() else "the event"
    label = f"{wanted.name.replace('_', ' ').capitalize()}: {outcome.words.en} is {event}"
    credit = "its name speaks of credit risk" if plan.is_credit else "nothing speaks of credit"
    names = [quoted(name) for name in model_features(plan)]
    return _render(
        "model.py.j2",
        docstring=_in_docstring(f"For which customers: {outcome.column.meaning}"),
        name=quoted(wanted.name), model=quoted(wanted.model),
        words=bilingual(words_for(label, wanted.model), 4, "title=").removeprefix("title="),
        purpose_reasons=comment([f"{credit}: profiling, credit or marketing?"], 4),
        purpose="CREDIT" if plan.is_credit else "PROFILING",
        feature_names=_exploded_names(names),
        screened=[render_screened(column) for column in screened_columns(plan)],
    )  # fmt: skip


def model_features(plan: Plan) -> list[str]:
    """Name the features that the drafted model uses."""
    used = [c for c in plan.columns if c.use == "feature" or c.taken_back]
    return [name for column in used for name in features_of(column)]


def _outcome(plan: Plan) -> str:
    outcome, bad = plan.outcome, plan.is_bad_news
    reason = (
        "its name is bad news: the customer gains where it is unlikely"
        if bad else "its name is not bad news: the customer gains where it is likely"
    )  # fmt: skip
    favourable = ("the decision that a customer gains by", "对客户有利的决定（请写明）")
    return _render(
        "outcome.py.j2",
        model=plan.wanted.model,
        name=quoted(plan.wanted.model),
        column=quoted(outcome.name),
        meaning=checked_line(quoted(outcome.column.meaning)),
        reasons=comment([f"{reason}. State which decision that is; check the side"], 4),
        favourable=f"Bilingual({quoted(favourable[0])}, {quoted(favourable[1])})",
        side=quoted("below" if bad else "above"),
    )


def _portfolio_block(plan: Plan, source: Source) -> str:
    from json import dumps

    return _render(
        "portfolio.yaml.j2",
        reasons=comment([f"Drafted from {shown(plan.file_name)}: {plan.rows:,} rows"], 0),
        name=plan.wanted.name,
        location=dumps(source.location, ensure_ascii=False),
        size_bytes=source.size_bytes,
        sha256=quoted(source.sha256),
    )


def _out_of_time_block(plan: Plan) -> str:
    day = plan.time.late_from
    reasons = comment([f"Drafted: {plan.time.reason}"], 0)
    stated = f'"{day.isoformat()}"' if day else "null"
    return "\n".join([*reasons, f"{plan.wanted.name}: {stated}", ""])


def _model_block(plan: Plan) -> str:
    share = 0.8 if plan.is_bad_news else 0.2
    side = "lowest" if plan.is_bad_news else "highest"
    rate = plan.target.rate
    return _render(
        "model.yaml.j2",
        reasons=comment([f"Drafted: {plan.outcome.column.meaning}, for {plan.wanted.name}"], 0),
        name=plan.wanted.name, model=plan.wanted.model, share=share,
        protected=[c.name for c in plan.used_as("protected") if c.taken_back],
        share_reasons=comment(
            [f"a guess: the share of customers, those with the {side} scores, who get the"
             " favourable decision"], 2,
        ),
        band_reasons=comment([f"half, once, twice and four times the event rate of {rate:.2%}"], 2),
        bands=bands_of(rate),
    )  # fmt: skip


def _date_name(plan: Plan) -> str:
    return next(c.name for c in plan.columns if c.profile is plan.time.column)


def _exploded_names(names: list[str]) -> str:
    if len(names) == 1:
        return f"feature_names=({names[0]},)"
    inside = "\n".join(f"        {name}," for name in names)
    return f"feature_names=(\n{inside}\n    )"


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _in_docstring(text: str) -> str:
    return shown(text, 70).replace("\\", "/").replace('"', "'")


def _render(template: str, **values: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(  # noqa: S701  Python, SQL and YAML, no HTML
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(template).render(**values)
