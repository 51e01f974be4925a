"""What is shown of a bank whose extracts are not here."""

from html import escape

from limner.domain import Bilingual


def render_left_out_page(title: Bilingual, reason: str) -> str:
    """Render the page of a bank of which nothing was taken in."""
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{title.en}</title>\n'
        f"<h1>{title.en} · {title.zh}</h1>\n<p>Left out · 未纳入: {escape(reason)}</p>\n</html>\n"
    )
