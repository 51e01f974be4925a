"""DVC stage ``intake_bank@<bank>``: extracts → trusted tables, quarantine, quality report."""

import datetime as dt
import json
import shutil
from typing import Any

from limner.artifacts import BankPaths, replacing_folder, require, write_json, write_text
from limner.intake.bank_intake import BankIntakeSettings, quarantine_folder, take_in_bank
from limner.intake.identity.decisions import read_decisions
from limner.intake.identity.files import REVIEW
from limner.intake.identity.settings import IdentitySettings
from limner.intake.limits import refuse_beyond_limits
from limner.intake.own_tables import OwnTables
from limner.intake.privacy.bank_keys import BankKeys, keys_of
from limner.intake.privacy.consent import consent_counts
from limner.intake.quality import (
    consent_section,
    identity_section,
    quality_report,
)
from limner.intake.quality_page import render_quality_page
from limner.intake.trusting import Trusted, keyed_pseudonyms, trust
from limner.portfolios import find_bank
from limner.portfolios.left_out import leave_out, why_left_out
from limner.settings import Settings, load_settings
from limner.stages.command_line import progress, run_from_command_line


def intake_bank(bank: str) -> None:
    """Hold every table to its contract, make one customer of each person, drop identifiers."""
    settings, paths = load_settings(), BankPaths.of(bank)
    reason = why_left_out(require(paths.extract))
    if reason:
        _leave_out(bank, reason, paths)
        return
    keys = keys_of(bank, settings.bank(bank), settings.privacy, settings.seed)
    previous = _previous(paths)
    try:
        _take_in(bank, keys, settings, paths, previous)
    finally:
        # It holds what names people: it never outlives the intake.
        shutil.rmtree(paths.checked, ignore_errors=True)


def _take_in(
    bank: str, keys: BankKeys, settings: Settings, paths: BankPaths, previous: Any
) -> None:
    own, definition = settings.bank(bank), find_bank(bank)
    found = take_in_bank(
        definition, str(paths.extract), paths.checked,
        BankIntakeSettings(
            day=own.day, quarantine_limit=settings.intake.quarantine_limit,
            table_limits=own.quarantine_limits, threads=settings.runtime.threads,
            memory_limit=settings.intake.memory_limit,
        ),
        pseudonymise=lambda connection: keyed_pseudonyms(connection, keys), progress=progress,
    )  # fmt: skip
    # Before the costly part. What is known of customers only then has no limits.
    refuse_beyond_limits(quality_report(found, previous), settings.intake)
    linkage = IdentitySettings(
        **settings.identity.model_dump(), master_system=own.master_system, seed=settings.seed
    )
    trusted = trust(
        paths.checked, paths.trusted, paths.identity, paths.vault, keys, linkage,
        read_decisions(paths.decisions), progress,
        threads=settings.runtime.threads, memory_limit=settings.intake.memory_limit,
        own=OwnTables(definition.outcome_tables, paths.outcomes),
    )  # fmt: skip
    with replacing_folder(paths.quarantine) as folder:
        shutil.copytree(quarantine_folder(paths.checked), folder, dirs_exist_ok=True)
    report = quality_report(
        found, previous, identity=identity_section(trusted.identity.counts, linkage),
        consent=_consent(own.day, trusted, paths),
    )  # fmt: skip
    write_json(paths.quality, report)
    page = render_quality_page(report, definition.title, (paths.identity / REVIEW).as_posix())
    write_text(paths.quality.with_suffix(".html"), page)
    progress(f"read {paths.quality.with_suffix('.html')}")


def _consent(day: dt.date, trusted: Trusted, paths: BankPaths) -> dict[str, Any] | None:
    if "consents" not in trusted.rows:
        return None
    # What was decided on the extracts' last day is known by the end of it.
    counts = consent_counts(paths.trusted / "consents", day + dt.timedelta(days=1))
    return consent_section(counts, trusted.identity.counts["customers"])


def _leave_out(bank: str, reason: str, paths: BankPaths) -> None:
    page = paths.quality.with_suffix(".html")
    folders = paths.trusted, paths.outcomes, paths.quarantine, paths.identity
    leave_out((*folders, paths.quality, page), reason, find_bank(bank).title)
    progress(f"{bank}: left out, {reason}")


def _previous(paths: BankPaths) -> Any:
    try:
        return json.loads(paths.quality.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


if __name__ == "__main__":
    run_from_command_line(intake_bank)
