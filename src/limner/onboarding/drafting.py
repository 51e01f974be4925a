"""A plan as text: the files and blocks that a person will read, correct and keep."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from limner.onboarding.favoured import share_favoured, side_in_words
from limner.onboarding.literals import comment, quoted, tuple_of
from limner.onboarding.naming import shown
from limner.onboarding.plan import Plan
from limner.onboarding.render_code import (
    CODE_FEATURE,
    COLUMN_FEATURE,
    render_columns,
    render_features,
    render_mapping,
    render_screened,
)
from limner.onboarding.render_words import render_words, title_of
from limner.onboarding.screening import features_of, screened_columns
from limner.onboarding.trials import Trials
from limner.portfolios.placeholders import TO_STATE
from limner.portfolios.words import SUFFIX
from limner.settings import Tuned

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


def write_drafts(plan: Plan, source: Source, trials: Trials) -> Drafts:
    """Render every draft of a plan."""
    name, model = plan.wanted.name, plan.wanted.model
    package = Path("src", "limner")
    return Drafts(
        files={
            package / "portfolios" / f"{name}.py": _portfolio(plan),
            package / "portfolios" / f"{name}.sql": _render(
                "portfolio.sql.j2", name=name, lines=render_mapping(plan.columns)
            ),
            package / "portfolios" / f"{name}{SUFFIX}": _render(
                "words.yaml.j2", **render_words(plan)
            ),
            package / "features" / f"{name}.py": _features(plan),
            package / "models" / f"{model}.py": _model(plan),
            package / "outcomes" / f"{model}.py": _outcome(plan),
        },
        portfolio_block=_portfolio_block(plan, source),
        out_of_time_block=_out_of_time_block(plan),
        model_block=_model_block(plan, source, trials),
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
        title=title_of(name),
        plain_name=name,
        source=_in_docstring(plan.file_name),
        source_text=quoted(shown(plan.file_name)),
        left_out=comment([f"'{shown(c.label)}' ({c.kind}): {c.reason}" for c in plan.left_out], 0),
        shape_reasons=comment(shape.reasons, 4),
        separator=quoted(shape.separator),
        shape=stated,
        extract_columns=tuple_of(columns, 4, "extract_columns="),
        date_column=quoted(plan.time_name) if plan.time_name else "",
        columns=render_columns(plan.columns),
    )


def _features(plan: Plan) -> str:
    features = render_features(plan.columns)
    used = [f for f in (CODE_FEATURE, COLUMN_FEATURE) if any(f in line for line in features)]
    name, functions = plan.wanted.name, ", ".join(used)
    return _render("features.py.j2", name=name, functions=functions, features=features)


def _model(plan: Plan) -> str:
    wanted, outcome = plan.wanted, plan.outcome
    names = [quoted(name) for name in model_features(plan)]
    return _render(
        "model.py.j2",
        docstring=_in_docstring(f"For which customers: {outcome.column.meaning}"),
        name=quoted(wanted.name), model=quoted(wanted.model), portfolio=wanted.name,
        feature_names=_exploded_names(names),
        screened=[render_screened(column) for column in screened_columns(plan)],
    )  # fmt: skip


def model_features(plan: Plan) -> list[str]:
    """Name the features that the drafted model uses."""
    used = [c for c in plan.columns if c.use == "feature" or c.taken_back]
    return [name for column in used for name in features_of(column)]


def _outcome(plan: Plan) -> str:
    return _render(
        "outcome.py.j2",
        model=plan.wanted.model,
        portfolio=plan.wanted.name,
        name=quoted(plan.wanted.model),
        column=quoted(plan.outcome.name),
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


def _model_block(plan: Plan, source: Source, trials: Trials) -> str:
    rate = plan.target.rate
    return _render(
        "model.yaml.j2",
        reasons=comment([f"Drafted: {plan.outcome.column.meaning}, for {plan.wanted.name}"], 0),
        name=plan.wanted.name, model=plan.wanted.model, share=share_favoured(plan),
        protected=[c.name for c in plan.used_as("protected") if c.taken_back],
        share_reasons=comment(
            [side_in_words(plan) if plan.favours_event is not None else f"{TO_STATE} the share of"
             " customers who get the favourable decision; half stands here until then"], 2,
        ),
        band_reasons=comment([f"half, once, twice and four times the event rate of {rate:.2%}"], 2),
        bands=bands_of(rate),
        training_reasons=comment([_why_these(trials)], 2),
        # Parameters that XGBoost has defaults for are stated where they differ from these.
        training=trials.chosen.model_dump(exclude_defaults=True),
        tuned=_provenance(trials.tuned(source.sha256)),
    )  # fmt: skip


def _why_these(trials: Trials) -> str:
    if not trials.tried:
        return (
            f"the first of onboarding.trials: {trials.events:,} customers have the rarer outcome,"
            " too few to compare settings"
        )
    return (
        f"the highest AUC of {len(trials.tried)} settings, by {trials.folds} folds of development"
        " and validation, when this was drafted; 'limner tune' tries more"
    )


def _provenance(tuned: Tuned | None) -> dict[str, str]:
    """Write the values of ``tuned`` as YAML; digits alone would be read as a number."""
    if tuned is None:
        return {}
    texts = ("objective", "sample")
    return {
        name: quoted(str(value)) if name in texts else str(value)
        for name, value in tuned.model_dump().items()
    }


def _exploded_names(names: list[str]) -> str:
    if len(names) == 1:
        return f"feature_names=({names[0]},)"
    inside = "\n".join(f"        {name}," for name in names)
    return f"feature_names=(\n{inside}\n    )"


def _in_docstring(text: str) -> str:
    return shown(text, 70).replace("\\", "/").replace('"', "'")


def _render(template: str, **values: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(  # noqa: S701  Python, SQL and YAML, no HTML
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template(template).render(**values)
