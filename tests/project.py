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
    """Set one key of ``params.yaml`` by its dotted path; list positions are numbers."""
    content = params()
    *above, last = path.split(".")
    section: Any = content
    for part in above:
        section = section[int(part) if isinstance(section, list) else part]
    section[last] = value
    return content


def without(path: str) -> dict[str, Any]:
    """Take one key out of ``params.yaml`` by its dotted path."""
    content = params()
    *above, last = path.split(".")
    section: Any = content
    for part in above:
        section = section[int(part) if isinstance(section, list) else part]
    del section[last]
    return content


def settings() -> Settings:
    """Load the committed settings, wherever the tests were started."""
    return load_settings(PARAMS)


def settings_with(changes: dict[str, object]) -> Settings:
    """Load the committed settings with some keys changed, each by its dotted path."""
    content = params()
    for path, value in changes.items():
        *above, last = path.split(".")
        section: Any = content
        for part in above:
            section = section[part]
        section[last] = value
    return parse_settings(content)
