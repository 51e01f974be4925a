"""``limner portfolio``: bring a table of your own."""

import sys
from collections.abc import Mapping
from typing import Any

import click

from limner.given_paths import FileToRead


@click.group()
def portfolio() -> None:
    """Bring a table of your own (自带数据)."""


@portfolio.command()
@click.argument("name")
@click.argument("file", type=FileToRead())
@click.option("--target", required=True, help="Column that says what happened: two values.")
@click.option("--event", help="The target's value that is the event to predict, such as 1 or bad.")
@click.option(
    "--favourable",
    help="The target's value whose customers should get the favourable decision, such as 0 where"
    " 1 is a default; or the word event or no-event.",
)
@click.option(
    "--purpose",
    type=click.Choice(["credit", "marketing", "profiling"]),
    help="What the score is for. Neither this nor --favourable is ever guessed.",
)
@click.option("--id", "id_column", help="Column that tells customers apart, if there is one.")
@click.option("--time", "time_column", help="Column with the date at which a row was known.")
@click.option(
    "--keep", multiple=True, help="Column to keep in the model, whatever it is taken for."
)
@click.option("--drop", multiple=True, help="Column to keep out of the model.")
@click.option("--protected", multiple=True, help="Column that is a protected attribute.")
@click.option("--model", help="Name of the first model.  [default: NAME_TARGET]")
@click.option("--no-header", is_flag=True, help="The first row is a row; columns are column_1 …")
@click.option("--encoding", help="Encoding of the file, if the guess is wrong: gb18030, cp1252 …")
@click.option("--separator", help="Separator of the file, if the guess is wrong.")
@click.option("--dry-run", is_flag=True, help="Show every draft and write nothing.")
def add(separator: str | None, dry_run: bool, **stated: Any) -> None:
    """Draft portfolio NAME and its first model from FILE (CSV or Parquet, one row a customer).

    Looks at every column and drafts the contract, the mapping, the features, the outcome,
    the model and their blocks in params.yaml, each line with its reason. Nothing that
    exists is overwritten. Run it from the root of a checkout.

    \b
      uv run limner portfolio add cards cards.csv --target defaulted --dry-run

    Who gets the favourable decision and the purpose are never guessed: state them here, answer
    on a terminal, or write them into the draft before it can be checked.
    """  # noqa: D301  click reads \b as "keep these lines"
    from limner.onboarding.add import Request, add_portfolio

    separator = separator.replace("\\t", "\t") if separator else None
    added = add_portfolio(
        Request(separator=separator, dry_run=dry_run, **stated),
        lambda text: click.echo(f"  {text}", err=True),
        _ask,
    )
    if dry_run:
        for path, text in added.drafts.files.items():
            click.echo(f"--- {path.as_posix()}\n{text}")
        for section in (
            added.drafts.portfolio_block,
            added.drafts.out_of_time_block,
            added.drafts.model_block,
        ):
            click.echo(f"--- params.yaml\n{section}")
    click.echo(added.summary)


def _ask(question: str, answers: Mapping[str, str]) -> str | None:
    """Ask on a terminal; elsewhere, or where a person only presses Enter, it stays open."""
    if not sys.stdin.isatty():
        return None
    for answer, meaning in answers.items():
        click.echo(f"  {answer:10} {meaning}", err=True)
    choice = click.Choice([*answers, ""])
    found = click.prompt(question, default="", type=choice, show_choices=False, err=True)
    return str(found) or None
