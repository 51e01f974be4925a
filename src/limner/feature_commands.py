"""``limner features``: what the features of banks are."""

import click

from limner.domain import Purpose

_PURPOSES = click.Choice([purpose.value for purpose in Purpose])


@click.group()
def features() -> None:
    """The catalogue of point-in-time features (特征目录)."""


@features.command("list")
@click.option("--purpose", type=_PURPOSES, help="Only features permitted for this purpose.")
@click.option("--source", help="Only features computed from this canonical table.")
@click.option("--protected", is_flag=True, help="Only protected attributes and their proxies.")
def list_all(purpose: str | None, source: str | None, protected: bool) -> None:
    """List features, one line each: name, unit, tables, mark, meaning."""
    from limner.features.relational.listing import chosen_features, list_features

    chosen = chosen_features(
        Purpose(purpose) if purpose else None, source, sensitive_only=protected
    )  # fmt: skip
    click.echo(list_features(chosen))


@features.command()
@click.argument("name")
def show(name: str) -> None:
    """Show all that is stated of the feature NAME."""
    from limner.features.relational.catalogue import find_feature
    from limner.features.relational.listing import show_feature

    click.echo(show_feature(find_feature(name)))
