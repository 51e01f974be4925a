"""DVC stage ``acquire@<portfolio>``: the bank's file → a verified copy that DVC versions."""

from limner.artifacts import PortfolioPaths, replacing
from limner.portfolios.left_out import clear_mark, mark_left_out
from limner.portfolios.source import read_verified, why_without_source
from limner.settings import load_settings
from limner.stages.command_line import progress, run_from_command_line


def acquire(portfolio: str) -> None:
    """Copy the portfolio's file after checking its size and SHA-256."""
    source = load_settings().portfolio(portfolio).source
    extract = PortfolioPaths.of(portfolio).extract
    if reason := why_without_source(portfolio, source):
        mark_left_out(extract, reason)
        progress(f"{portfolio}: left out, {reason}")
        return
    content = read_verified(portfolio, source)
    clear_mark(extract)
    with replacing(extract) as temporary:
        temporary.write_bytes(content)
    progress(f"{portfolio}: {len(content):,} bytes, SHA-256 as reviewed")


if __name__ == "__main__":
    run_from_command_line(acquire)
