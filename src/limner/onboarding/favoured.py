"""What a draft never guesses: for whom the favourable decision is right, and the purpose."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from limner.domain import Purpose
from limner.errors import FavourableUnfit
from limner.onboarding.naming import shown
from limner.onboarding.target import Target
from limner.portfolios.words import EVENT, NO_EVENT

if TYPE_CHECKING:
    from limner.onboarding.plan import Plan

# A question and its answers, each with what it means, to the answer; None where nobody answers.
Ask = Callable[[str, Mapping[str, str]], str | None]


def nobody_answers(question: str, answers: Mapping[str, str]) -> None:
    """Leave a question open: nobody sits at a terminal."""


def favours_event(stated: str | None, target: Target) -> bool | None:
    """Whether customers with the event should get the favourable decision; None if not stated.

    Args:
        stated: a value of the target, or the word ``event`` or ``no-event``.

    Raises:
        FavourableUnfit: it is none of these.
    """
    if stated is None:
        return None
    wanted = stated.strip().lower()
    if wanted in (*target.event, EVENT):
        return True
    if wanted in (*target.other, NO_EVENT):
        return False
    raise FavourableUnfit(shown(stated, 40), target.event[0], target.other[0])


def ask_what_is_not_stated(plan: "Plan", ask: Ask) -> "Plan":
    """Ask for the favourable side and the purpose where the command line states none."""
    wanted, target = plan.wanted, plan.target
    column = shown(target.column.label)
    if wanted.favourable is None:
        answers = {
            EVENT: f"customers whose {column} is '{shown(target.event_text, 30)}'",
            NO_EVENT: f"customers whose {column} is '{shown(target.other[0], 30)}'",
        }
        question = "Who should get the favourable decision (credit, an offer)?"
        wanted = replace(wanted, favourable=ask(question, answers))
    if wanted.purpose is None:
        answers = {
            Purpose.CREDIT: "decides on credit", Purpose.MARKETING: "decides whom to offer what",
            Purpose.PROFILING: "describes customers, decides nothing",
        }  # fmt: skip
        wanted = replace(wanted, purpose=ask("What is the score for?", answers))
    return replace(plan, wanted=wanted)


def share_favoured(plan: "Plan") -> float:
    """Share of customers to get the favourable decision: as many as it is right for.

    Half, where it is not stated for whom it is right.
    """
    if plan.favours_event is None:
        return 0.5
    right = plan.target.rate if plan.favours_event else 1 - plan.target.rate
    return min(max(round(right, 2), 0.05), 0.95)


def side_in_words(plan: "Plan") -> str:
    """Say who gets the favourable decision, as the summary and the blocks tell it."""
    column, target = shown(plan.target.column.label), plan.target
    if plan.favours_event is None:
        return "who gets the favourable decision is not stated: nothing was guessed"
    text = target.event_text if plan.favours_event else target.other[0]
    score = "highest" if plan.favours_event else "lowest"
    which = "with" if plan.favours_event else "without"
    return (
        f"the favourable decision is right for customers {which} the event ({column} is"
        f" '{shown(text, 30)}'): the {share_favoured(plan):.0%} with the {score} scores get it,"
        " as many as it is right for"
    )
