"""What a version rests on: data, code and settings by hash, and where they were kept."""

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from limner.artifacts import ArtifactPaths, PortfolioPaths, canonical_json, sha256_of
from limner.governance.code_closure import code_hash, starting_modules
from limner.models import find_spec
from limner.settings import Settings

# Where the rows come from, and when, is told by the hashes of extract and tables.
RESTS_ON = (
    "seed", "runtime", "intake", "samples", "rivals", "scorecard", "assessment", "explanation",
    "fairness", "monitoring",
)  # fmt: skip
DVC_LOCK = Path("dvc.lock")


def content_hashes(model: str, portfolio: str, settings: Settings) -> dict[str, str]:
    """Hash everything a version rests on, by SHA-256: equal inputs give equal hashes."""
    artifacts, data = ArtifactPaths.of(model), PortfolioPaths.of(portfolio)
    return {
        "fitted model": sha256_of(artifacts.fitted_model),
        "sample": sha256_of(artifacts.sample),
        "trusted tables": sha256_of(data.tables),
        "extract": sha256_of(data.extract),
        "settings": settings_hash(model, settings),
        "code": code_hash(_starting_modules(model, portfolio, settings)),
        "uv.lock": sha256_of(Path("uv.lock")),
    }


def settings_hash(model: str, settings: Settings) -> str:
    """Hash the part of ``params.yaml`` that one model rests on, whatever its layout."""
    everything = settings.model_dump(mode="json")
    portfolio = settings.model(model).portfolio
    part = {section: everything[section] for section in RESTS_ON}
    part["models"] = {model: everything["models"][model]}
    part["out_of_time_from"] = {portfolio: everything["out_of_time_from"][portfolio]}
    delayed = everything["delayed_samples"]
    part |= {"delayed_samples": delayed[portfolio]} if portfolio in delayed else {}
    return hashlib.sha256(canonical_json(part).encode()).hexdigest()


def registration_tags(model: str, portfolio: str) -> dict[str, str]:
    """Say where a version comes from: the git commit, and DVC's lock and hash of the model.

    These name this checkout at this moment, so they go to the registry, not to a
    file that DVC caches.
    """
    lock = DVC_LOCK.read_text(encoding="utf-8") if DVC_LOCK.exists() else ""
    return {
        "portfolio": portfolio,
        "git_commit": _git("rev-parse", "HEAD") or "not in a git repository",
        "git_clean": str(_git("status", "--porcelain", "--untracked-files=no") == "").lower(),
        "dvc_lock_sha256": hashlib.sha256(lock.encode()).hexdigest(),
        "dvc_fitted_md5": _locked_output(lock, f"train@{model}", ArtifactPaths.of(model)),
    }


def flat_parameters(section: Mapping[str, Any], prefix: str = "") -> dict[str, str | int | float]:
    """Flatten nested settings to ``training.max_depth`` and the like.

    >>> flat_parameters({"training": {"max_depth": 4}, "bands": [1, 2]})
    {'training.max_depth': 4, 'bands': '[1, 2]'}
    """
    flat: dict[str, str | int | float] = {}
    for key, value in section.items():
        if isinstance(value, Mapping):
            flat |= flat_parameters(value, f"{prefix}{key}.")
        elif value is not None:
            flat[prefix + key] = value if isinstance(value, int | float | str) else str(value)
    return flat


def _starting_modules(model: str, portfolio: str, settings: Settings) -> tuple[str, ...]:
    outcome, bank = find_spec(model).outcome_name, settings.banks.get(portfolio)
    generator = bank.generator if bank else None
    return starting_modules(model, portfolio, outcome, bank is not None, generator)


def _git(*arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *arguments], capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.stdout.strip()


def _locked_output(lock: str, stage: str, paths: ArtifactPaths) -> str:
    entry = ((yaml.load(lock, Loader=yaml.CSafeLoader) or {}).get("stages") or {}).get(stage) or {}
    outputs = {out["path"]: out.get("md5", "") for out in entry.get("outs", ())}
    return str(outputs.get(paths.fitted_model.as_posix(), "not recorded"))
