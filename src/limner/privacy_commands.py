"""Commands on identity and privacy: keys, looks into the vault, re-keying, decisions."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from limner.artifacts import BankPaths, require
from limner.errors import UnknownName
from limner.given_paths import FileToRead, NewFile

if TYPE_CHECKING:
    from limner.intake.privacy.keys import SecretKey

_KEY_FILE = FileToRead()
_BANK = click.option("--bank", default="harbour", show_default=True, help="Relational portfolio.")
_VAULT_KEY = click.option(
    "--vault-key",
    type=_KEY_FILE,
    envvar="LIMNER_VAULT_KEY_FILE",
    help="File of the vault's key; else the key is in LIMNER_VAULT_KEY.",
)


@click.group()
def privacy() -> None:
    """Keys of pseudonyms, and the vault of who is behind them."""


@privacy.command("new-key")
@click.argument("file", type=NewFile())
def new_key(file: Path) -> None:
    """Write a new random key to FILE, which must not exist; only you may read it.

    Keep a copy where your secrets are kept: what is made with a lost key is lost.
    """
    from limner.intake.privacy.keys import new_key as write_new_key

    write_new_key(file)
    click.echo(f"A key of 32 bytes is in {file}. Keep it out of the repository.")


@privacy.command("look-up")
@click.argument("pseudonyms", nargs=-1, required=True)
@click.option("--reason", required=True, help="Why you must know; it is logged.")
@click.option("--by", required=True, help="Your name; it is logged.")
@_BANK
@_VAULT_KEY
def look_up(
    pseudonyms: tuple[str, ...], reason: str, by: str, bank: str, vault_key: Path | None
) -> None:
    """Show who is behind PSEUDONYMS, or behind record ids of the review band.

    Every look is written to vault-access.jsonl: who, when, why, which pseudonyms.
    """
    from limner.intake.privacy.vault import IDENTIFIERS
    from limner.intake.privacy.vault import look_up as look_into_vault

    _refuse_blank(reason=reason, by=by)
    paths, key = BankPaths.of(bank), _vault_key(bank, vault_key)
    found = look_into_vault(paths.vault, key, pseudonyms, reason, by, paths.access_log)
    for row in found.to_dict("records"):
        click.echo(f"{row['pseudonym']}  record {row['record_id']}  customer {row['customer']}")
        for name in IDENTIFIERS:
            click.echo(f"  {name:12} {row[name] or '-'}")


@privacy.command()
@click.option("--old-key", type=_KEY_FILE, required=True, help="The pseudonym key in use.")
@click.option("--new-key", type=_KEY_FILE, required=True, help="The key to use from now on.")
@click.option("--new-vault-key", type=_KEY_FILE, help="A new key for the vault as well.")
@_BANK
@_VAULT_KEY
def rekey(
    old_key: Path, new_key: Path, new_vault_key: Path | None, bank: str, vault_key: Path | None
) -> None:
    """Replace all pseudonyms of the trusted tables and the vault by those of a new key.

    Interrupted, it leaves the old state or ends the next time it is called. Afterwards
    name the new key in params.yaml and run 'uv run dvc repro': features, samples and
    models still hold old pseudonyms until then.
    """
    from limner.intake.own_tables import OwnTables
    from limner.intake.privacy.keys import PSEUDONYM, VAULT, read_key
    from limner.intake.privacy.rekeying import rekey as rekey_tables
    from limner.portfolios import find_bank

    rows = rekey_tables(
        BankPaths.of(bank).trusted,
        BankPaths.of(bank).vault,
        read_key(PSEUDONYM, old_key),
        read_key(PSEUDONYM, new_key),
        read_key(VAULT, vault_key),
        read_key(VAULT, new_vault_key) if new_vault_key else None,
        report=lambda table: click.echo(table, err=True),
        own=OwnTables(find_bank(bank).outcome_tables, BankPaths.of(bank).outcomes),
    )
    click.echo(f"{rows:,} rows carry new pseudonyms; run 'uv run dvc repro' with the new key")


@click.group()
def identity() -> None:
    """Which records of several systems are one customer."""


@identity.command()
@click.option("--most", default=20, show_default=True, help="Pairs to show, surest first.")
@_BANK
def review(most: int, bank: str) -> None:
    """List the pairs of records that a person must decide, by levels of agreement.

    Values are not shown: 'limner privacy look-up RECORD RECORD' does, and logs it.
    """
    from limner.intake.identity.files import read_pairs
    from limner.intake.identity.linkage import FIELDS, review_band

    waiting = review_band(read_pairs(BankPaths.of(bank).identity))
    for pair in waiting.head(most).to_dict("records"):
        click.echo(f"{pair['record_a']} {pair['record_b']}  {pair['probability']:.4f}"
                   f"  {pair['reason']}")  # fmt: skip
        levels = ", ".join(f"{name}: {pair[name] or 'unknown'}" for name in FIELDS)
        click.echo(f"  {levels}")
    click.echo(f"{min(most, len(waiting)):,} of {len(waiting):,} pairs wait for a decision")


@identity.command()
@click.argument("record_a")
@click.argument("record_b")
@click.argument("verdict", type=click.Choice(["same", "different", "undecided"]))
@click.option("--by", required=True, help="Your name.")
@click.option("--why", required=True, help="What you saw, without personal data.")
@_BANK
def decide(record_a: str, record_b: str, verdict: str, by: str, why: str, bank: str) -> None:
    """Decide whether RECORD_A and RECORD_B are one customer; 'undecided' takes it back.

    'dvc repro' follows the decision: the file of decisions, kept in git, is a dependency
    of the intake. It only grows.
    """
    from limner.intake.identity.decisions import Decision, add_decision, as_verdict
    from limner.intake.identity.files import read_map

    _refuse_blank(by=by, why=why)
    known = set(read_map(require(BankPaths.of(bank).identity))["record_id"])
    for record in (record_a, record_b):
        if record not in known:
            raise UnknownName("record", record, ())
    today = dt.datetime.now(dt.UTC).date()
    file = BankPaths.of(bank).decisions
    add_decision(file, Decision(record_a, record_b, as_verdict(verdict), by, today, why))
    click.echo(f"{record_a} and {record_b}: {verdict}, written to {file}")
    click.echo("Apply it: uv run dvc repro")


@identity.command()
@_BANK
def score(bank: str) -> None:
    """Hold the linkage against the truth: precision and recall, for a bank whose truth is known.

    True duplicates that no blocking key found count as missed. No stage of the flow
    reads the truth; this command does, and writes nothing.
    """
    from limner.intake.identity.labelled import describe, score_linkage
    from limner.intake.privacy.bank_keys import keys_of
    from limner.settings import load_settings

    settings, paths = load_settings(), BankPaths.of(bank)
    keys = keys_of(bank, settings.bank(bank), settings.privacy, settings.seed)
    truth = paths.truth / "identity.parquet"
    scored = score_linkage(bank, paths.identity, truth, keys.pseudonym)
    click.echo("\n".join(describe(scored, settings.identity.accept)))


def _vault_key(bank: str, file: Path | None) -> "SecretKey":
    from limner.intake.privacy.bank_keys import keys_of
    from limner.intake.privacy.keys import VAULT, read_key
    from limner.settings import PARAMS_FILE, load_settings

    if file is None and PARAMS_FILE.exists():
        settings = load_settings()
        return keys_of(bank, settings.bank(bank), settings.privacy, settings.seed).vault
    return read_key(VAULT, file)


def _refuse_blank(**options: str) -> None:
    for name, value in options.items():
        if not value.strip():
            raise click.UsageError(f"--{name} may not be blank")
