"""A model whose portfolio is left out: its stages leave nothing but the reason."""

from pathlib import Path
from typing import Literal

from limner.artifacts import ArtifactPaths, BankPaths, MartPaths, require
from limner.errors import ModelLeftOut
from limner.models import find_spec
from limner.portfolios.left_out import leave_out, why_left_out
from limner.settings import Settings

ModelStage = Literal["sample", "train", "assess", "register"]


def why_portfolio_left_out(model: str, settings: Settings) -> str | None:
    """Say why the portfolio of a model is left out, or None where it is not."""
    portfolio = settings.model(model).portfolio
    if portfolio in settings.banks:
        return why_left_out(require(BankPaths.of(portfolio).trusted))
    return why_left_out(require(MartPaths.of(portfolio).trusted))


def why_model_left_out(model: str) -> str | None:
    """Say why a model is left out, as its sample has it, or None where it is not."""
    return why_left_out(ArtifactPaths.of(model).sample)


def leave_model_out(model: str, stage: ModelStage, reason: str) -> str:
    """Write every output of one stage of a model that is left out; return what to tell."""
    paths = ArtifactPaths.of(model)
    leave_out(model_outputs(paths)[stage], reason, find_spec(model).title)
    if stage == "register":
        # They would speak of a version that is not the one of these files.
        paths.registration.unlink(missing_ok=True)
        paths.champion_comparison.unlink(missing_ok=True)
    return f"{model}: left out, {reason}"


def model_outputs(paths: ArtifactPaths) -> dict[ModelStage, tuple[Path, ...]]:
    """List the outputs of every stage of a model."""
    return {
        "sample": (paths.sample, paths.sample_counts),
        "train": (paths.fitted_model, paths.rivals, paths.training_curve),
        "assess": (
            paths.evidence, paths.metrics, paths.plots,
            paths.folder / "reliability.csv", paths.folder / "importance.csv",
        ),
        "register": (paths.gates, paths.review_page),
    }  # fmt: skip


def models_left_out() -> dict[str, str]:
    """Name the models that are left out, each with the reason, from the files that are here."""
    reasons = {paths.folder.name: why_left_out(paths.sample) for paths in ArtifactPaths.all()}
    return {model: reason for model, reason in reasons.items() if reason}


def refuse_left_out(model: str) -> None:
    """Refuse to work with a model that is left out.

    Raises:
        ModelLeftOut: it is.
    """
    reason = why_model_left_out(model)
    if reason:
        raise ModelLeftOut(model, reason)
