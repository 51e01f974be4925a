"""Where definitions still wait for a person: each place as a file, a line and what to write."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

import limner
from limner.onboarding.naming import shown
from limner.portfolios.placeholders import TO_STATE, TO_TRANSLATE, is_placeholder
from limner.portfolios.words import SUFFIX
from limner.settings import PARAMS_FILE, Settings

_KEYS = {"en": "in English", "zh": "in Chinese", "unit": "its unit"}


@dataclass(frozen=True)
class Place:
    """A line that still holds a placeholder."""

    file: str
    line: int
    wanted: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.wanted}"


def unwritten_places(settings: Settings) -> list[Place]:
    """Find every placeholder in the definitions that ``params.yaml`` names, and in it itself."""
    package = Path(limner.__file__).parent
    files = [Path(PARAMS_FILE)]
    for name in settings.portfolios:
        files += [package / "portfolios" / f"{name}{end}" for end in (SUFFIX, ".py", ".sql")]
        files.append(package / "features" / f"{name}.py")
    for name in settings.models:
        files += [package / folder / f"{name}.py" for folder in ("models", "outcomes")]
    return [place for file in files if file.is_file() for place in _places_in(file)]


def _places_in(file: Path) -> Iterator[Place]:
    name = file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if is_placeholder(line):
            yield Place(name.as_posix(), number, _wanted(line.strip()))


def _wanted(line: str) -> str:
    """Say what a line waits for.

    >>> _wanted("recency: {en: recency, zh: 待翻译, unit: TO STATE}")
    'recency: in Chinese, its unit'
    >>> _wanted("owner: TO STATE who answers for this table")
    'owner: who answers for this table'
    >>> _wanted('title: {en: "Loans: TO STATE in English is ja", zh: 待翻译}')
    'title: in English, in Chinese'
    """
    try:
        entry = yaml.safe_load(line)
    except yaml.YAMLError:
        entry = None
    if not isinstance(entry, dict):
        return shown(line.removeprefix("#").strip(), 90)
    return "; ".join(f"{key}: {', '.join(_of_value('', value))}" for key, value in entry.items())


def _of_value(key: Any, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner, text in value.items():
            yield from _of_value(inner, text)
    elif is_placeholder(str(value)):
        # Within a longer text, what is wanted is the text.
        begun = str(value).startswith((TO_STATE, TO_TRANSLATE))
        said = str(value).removeprefix(TO_STATE).removeprefix(TO_TRANSLATE).strip(" ,")
        yield said if begun and said else _KEYS.get(key, str(key))
