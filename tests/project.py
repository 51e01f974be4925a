"""The project that the tests stand in: its root, and its settings as plain data."""

from pathlib import Path
from typing import Any

import yaml

from limner.settings import Settings, load_settings, parse_settings

ROOT = Path(__file__).parents[1]
PARAMS = ROOT / "params.yaml"


def params() -> dict[str, Any]:
    """Read ``params.yaml`` anew, free to be changed."""
    content: dict[str, Any] = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    return content


def changed(path: str, value: object) -> dict[str, Any]:
    """Set one key of ``params.yaml`` by its dotted path; places in a list are numbers."""
    content = params()
    section, last = _above(content, path)
    section[last] = value
    return content


def without(path: str) -> dict[str, Any]:
    """Take one key out of ``params.yaml`` by its dotted path."""
    content = params()
    section, last = _above(content, path)
    del section[last]
    return content


def settings() -> Settings:
    """Load the committed settings, wherever the tests were started."""
    return load_settings(PARAMS)


def settings_with(changes: dict[str, object]) -> Settings:
    """Load the committed settings with some keys changed, each by its dotted path."""
    content = params()
    for path, value in changes.items():
        section, last = _above(content, path)
        section[last] = value
    return parse_settings(content)


def _above(content: Any, path: str) -> tuple[Any, str]:
    """Find the block that holds a key."""
    *above, last = path.split(".")
    for part in above:
        content = content[int(part) if isinstance(content, list) else part]
    return content, last
