"""Look at a file, draft, try the draft, and write it: the whole of ``limner portfolio add``."""

import os
from dataclasses import dataclass
from pathlib import Path

from limner.artifacts import sha256_of
from limner.errors import TableUnfit
from limner.onboarding.drafting import Drafts, Source, write_drafts
from limner.onboarding.favoured import Ask, ask_what_is_not_stated, nobody_answers
from limner.onboarding.file_shape import find_shape
from limner.onboarding.naming import check_name, slug
from limner.onboarding.plan import Plan, Wanted, make_plan
from limner.onboarding.profile import Progress, open_profile
from limner.onboarding.rehearsal import rehearse
from limner.onboarding.summary import summarise
from limner.onboarding.trials import compare_settings
from limner.onboarding.write import checkout_root, refuse_if_there, write_all
from limner.portfolios.words import SUFFIX
from limner.settings import OnboardingLimits, load_settings


@dataclass(frozen=True)
class Request:
    """What the command line was given."""

    name: str
    file: Path
    target: str
    id_column: str | None = None
    time_column: str | None = None
    model: str | None = None
    no_header: bool = False
    encoding: str | None = None
    separator: str | None = None
    dry_run: bool = False
    event: str | None = None
    favourable: str | None = None
    purpose: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    protected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Added:
    """The plan, its drafts and the summary to print."""

    plan: Plan
    drafts: Drafts
    summary: str


def add_portfolio(request: Request, progress: Progress, ask: Ask = nobody_answers) -> Added:
    """Draft a portfolio and its first model from a file, and write them unless it is a dry run.

    Args:
        ask: asks a person for what is never guessed and the request does not state.

    Raises:
        LimnerError: see exit codes 12, 60 to 64, 161 and 170 to 179; nothing was written.
    """
    settings = load_settings()
    limits = settings.onboarding
    root, wanted = checkout_root(), wanted_of(request)
    refuse_if_there(root, _files_of(wanted), {"portfolios": wanted.name, "models": wanted.model})
    limit, threads = settings.intake.quarantine_limit, settings.runtime.threads
    plan = look_at(request, wanted, limits, limit, threads, progress)
    plan = ask_what_is_not_stated(plan, ask)
    progress("trying the draft on the file")
    rehearsal = rehearse(plan, request.file, limits)
    trials = compare_settings(plan, rehearsal, settings, progress)
    drafts = write_drafts(plan, _source(request.file, root), trials)
    if not request.dry_run:
        write_all(root, drafts, wanted.name, wanted.model)
    summary = summarise(plan, drafts, rehearsal, trials, limit, request.dry_run)
    return Added(plan, drafts, summary)


def look_at(
    request: Request, wanted: Wanted, limits: OnboardingLimits, quarantine_limit: float,
    threads: int, progress: Progress,
) -> Plan:  # fmt: skip
    """Read a file and decide what to draft from it; nothing is written."""
    if not request.file.is_file():
        raise TableUnfit(request.file.name, "there is no such file", "check its path")
    progress(f"reading {request.file.name}")
    shape = find_shape(
        request.file, request.target, request.no_header, request.encoding, request.separator
    )
    with open_profile(request.file, shape, limits, threads, progress) as table:
        return make_plan(
            table, request.file.name, shape, wanted, limits, quarantine_limit, progress
        )


def wanted_of(request: Request) -> Wanted:
    """Return what was stated on the command line, with a name for the model.

    Raises:
        DraftNameInvalid: a name cannot be a module's.
    """
    check_name(request.name)
    model = request.model or "_".join(filter(None, (request.name, slug(request.target)[:20])))
    if model == request.name:
        model = f"{request.name}_model"
    check_name(model)
    return Wanted(
        request.name, model, request.target, request.id_column, request.time_column,
        event=request.event, favourable=request.favourable, purpose=request.purpose,
        keep=request.keep, drop=request.drop, protected=request.protected,
    )  # fmt: skip


def _files_of(wanted: Wanted) -> list[Path]:
    package = Path("src", "limner")
    return [
        package / "portfolios" / f"{wanted.name}.py", package / "portfolios" / f"{wanted.name}.sql",
        package / "portfolios" / f"{wanted.name}{SUFFIX}",
        package / "features" / f"{wanted.name}.py", package / "models" / f"{wanted.model}.py",
        package / "outcomes" / f"{wanted.model}.py",
    ]  # fmt: skip


def _source(file: Path, root: Path) -> Source:
    """State the file: below the project by its relative path, elsewhere by its whole one."""
    path = Path(os.path.abspath(file))  # noqa: PTH100  a link's own path, not its target's
    inside = path.is_relative_to(root)
    location = path.relative_to(root).as_posix() if inside else str(path)
    return Source(location, file.stat().st_size, sha256_of(file))
