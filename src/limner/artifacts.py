"""Where everything lies, and how it is written: whole, or not at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from limner.errors import ArtifactMissing, NotAnArtefact, OutputPathUnfit, UnknownName

# Where a project keeps what it makes, and how deep below an artefact lies at least:
# data/<portfolio>/<artefact>. People's own files stand one level higher.
_ARTEFACT_FOLDERS = ("data", "artifacts", "mlflow")
_LEVELS_BELOW = 2


@dataclass(frozen=True)
class PortfolioPaths:
    """Files that every portfolio has, a mart or a bank, relative to the project's root."""

    folder: Path

    @classmethod
    def of(cls, portfolio: str) -> Self:
        """Find the paths of a portfolio by its name.

        Raises:
            UnknownName: the name could be a path that leads elsewhere.
        """
        return cls(_below(Path("data"), "portfolio", portfolio))

    @property
    def extract(self) -> Path:
        """What came: a mart's file, verified byte for byte, or the folder of a bank's files."""
        return self.folder / "extract"

    @property
    def tables(self) -> Path:
        """Folder of what models may read: trusted tables, and a bank's features."""
        return self.folder / "tables"

    @property
    def quality(self) -> Path:
        """Counts of the intake: rows in, trusted, quarantined, by rule; a bank has a page too."""
        return self.folder / "quality.json"

    @property
    def monitoring(self) -> Path:
        """Reference, drift report and drift figures."""
        return Path("artifacts") / "monitoring" / self.folder.name


class MartPaths(PortfolioPaths):
    """Files of a feature mart."""

    @property
    def trusted(self) -> Path:
        return self.tables / "trusted.parquet"

    @property
    def quarantine(self) -> Path:
        return self.folder / "quarantine.parquet"


class BankPaths(PortfolioPaths):
    """Files of a bank."""

    @property
    def truth(self) -> Path:
        """Folder of what only a synthetic bank's maker knows; no stage of the flow reads it."""
        return self.folder / "truth"

    @property
    def trusted(self) -> Path:
        """Folder of folders: ``<canonical table>/<part>.parquet``, a part a month or ``all``."""
        return self.tables / "trusted"

    @property
    def outcomes(self) -> Path:
        """Folder of the bank's own outcome tables, laid out like the trusted ones: no features."""
        return self.tables / "outcomes"

    @property
    def quarantine(self) -> Path:
        """Folder of ``<canonical table>.parquet``: rows as text and the rules they broke."""
        return self.folder / "quarantine"

    @property
    def identity(self) -> Path:
        """Folder of the links between records, and the pairs that a person must decide."""
        return self.folder / "identity"

    @property
    def checked(self) -> Path:
        """Folder of intake's own, still with identifiers; gone when the intake ends."""
        return self.folder / ".checked"

    @property
    def vault(self) -> Path:
        """Sealed file of who is behind the pseudonyms: the output of no stage, in no store."""
        return self.folder / "people.vault"

    @property
    def access_log(self) -> Path:
        """Who looked into the vault at whom, when and why: one JSON line a look."""
        return self.folder / "vault-access.jsonl"

    @property
    def decisions(self) -> Path:
        """What persons decided on pairs of records: kept in git, a dependency of the intake."""
        return self.folder / "identity-decisions.csv"

    @property
    def features(self) -> Path:
        """Folder of ``<snapshot date>.parquet``: one row a customer."""
        return self.tables / "features"

    @property
    def features_summary(self) -> Path:
        """How many customers and features each snapshot has, and what is left out."""
        return self.folder / "features.json"

    @property
    def features_page(self) -> Path:
        """The catalogue with each feature's distribution in the latest snapshot."""
        return self.folder / "features.html"


@dataclass(frozen=True)
class ArtifactPaths:
    """Files of one model, relative to the project's root."""

    folder: Path

    @classmethod
    def of(cls, model: str) -> "ArtifactPaths":
        """Find the paths of a model by its name.

        Raises:
            UnknownName: the name could be a path that leads elsewhere.
        """
        return cls(_below(Path("artifacts") / "models", "model", model))

    @classmethod
    def all(cls) -> "tuple[ArtifactPaths, ...]":
        """Find the models that have files here, by name."""
        return tuple(cls(folder) for folder in sorted(cls.of("any").folder.parent.glob("*")))

    @property
    def sample(self) -> Path:
        return self.folder / "sample.parquet"

    @property
    def sample_counts(self) -> Path:
        return self.folder / "sample.json"

    @property
    def fitted_model(self) -> Path:
        return self.folder / "fitted"

    @property
    def rivals(self) -> Path:
        """What the model is held against: fitted beside it, scored when it is assessed."""
        return self.folder / "rivals"

    @property
    def study(self) -> Path:
        """Trials of ``limner tune``: what a search goes on from, the output of no stage."""
        return Path("artifacts") / "tuning" / self.folder.name / "study.sqlite"

    @property
    def training_curve(self) -> Path:
        return self.folder / "training.csv"

    @property
    def evidence(self) -> Path:
        return self.folder / "evidence.json"

    @property
    def metrics(self) -> Path:
        return self.folder / "metrics.json"

    @property
    def plots(self) -> Path:
        return self.folder / "plots"

    @property
    def gates(self) -> Path:
        return self.folder / "gates.json"

    @property
    def review_page(self) -> Path:
        return self.folder / "review.html"

    @property
    def registration(self) -> Path:
        """Which MLflow run recorded the model: differs by store, so never a DVC output."""
        return self.folder / "registration.json"

    @property
    def champion_comparison(self) -> Path:
        """The version beside the champion it met in the registry: never a DVC output either."""
        return self.folder / "champion.json"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary file path beside ``path``; rename it into place when the block succeeds.

    Only a file is replaced: a rename never puts a file in the place of a folder.

    Raises:
        OutputPathUnfit: ``path`` is a folder.
    """
    _refuse_folder(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_hidden(path))
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        _refuse_folder(path)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``path``; swap it into place when the block succeeds.

    What was there is renamed first and removed last, so that an interruption loses nothing.

    Raises:
        NotAnArtefact: what is there may not be removed (:func:`is_artefact`).
    """
    _refuse_foreign(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=_hidden(path)))
    try:
        yield temporary
        temporary.chmod(0o755)
        _swap(temporary, path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def is_artefact(path: Path) -> bool:
    """Tell whether a path lies where the project in this folder keeps its own artefacts.

    That is at least two levels below its ``data``, ``artifacts`` or ``mlflow`` folder, links
    resolved: never those folders, what belongs to one portfolio as a whole, or the project.
    """
    root = Path.cwd().resolve()
    place = path.parent.resolve() / path.name
    owned = [(root / name).resolve() for name in _ARTEFACT_FOLDERS]
    return path.name not in ("", "..") and any(
        place.is_relative_to(folder) and len(place.relative_to(folder).parts) >= _LEVELS_BELOW
        for folder in owned
        if not root.is_relative_to(folder)
    )


def _swap(new: Path, path: Path) -> None:
    """Rename a folder into place; an old artefact is set aside until that is done."""
    _refuse_foreign(path)
    if not _something_at(path):
        new.replace(path)
        return
    aside = Path(tempfile.mkdtemp(dir=path.parent, prefix=_hidden(path)))
    old = aside / "old"
    try:
        path.rename(old)
        new.replace(path)
    finally:
        if not os.path.lexists(path):
            old.rename(path)
        shutil.rmtree(aside, ignore_errors=True)


def _below(folder: Path, kind: str, name: str) -> Path:
    """Join a name that a person may have typed; separators or dots would lead elsewhere."""
    if not name or name.startswith(".") or Path(name).name != name or "\\" in name:
        raise UnknownName(kind, name, sorted(found.name for found in folder.glob("[!.]*")))
    return folder / name


def _refuse_foreign(path: Path) -> None:
    if _something_at(path) and not is_artefact(path):
        raise NotAnArtefact(str(path))


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise OutputPathUnfit(str(path), "it is a folder, and a file never takes its place")


def _something_at(path: Path) -> bool:
    """Tell whether a rename would lose something; an empty folder is nothing."""
    if path.is_symlink() or not path.is_dir():
        return os.path.lexists(path)
    return any(path.iterdir())


def _hidden(path: Path) -> str:
    """Start of a temporary name; cut, so that a long name does not become too long."""
    return f".{path.name[:40]}."


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def canonical_json(value: Any) -> str:
    """Render JSON with a fixed layout, so that equal values are equal bytes."""
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_json(path: Path, value: Any) -> None:
    """Write canonical JSON whole or not at all."""
    write_text(path, canonical_json(value))


def read_json(path: Path) -> Any:
    """Read a JSON file that an earlier stage wrote.

    Raises:
        ArtifactMissing: the file is not there.
    """
    return json.loads(require(path).read_text(encoding="utf-8"))


def require(path: Path) -> Path:
    """Return ``path`` if it exists.

    Raises:
        ArtifactMissing: it does not.
    """
    if not path.exists():
        raise ArtifactMissing(str(path), "run 'uv run dvc repro' (or 'uv run dvc pull')")
    return path


def sha256_of(path: Path) -> str:
    """Hash a file, or a folder by its files' relative names and contents, in name order."""
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    digest = hashlib.sha256()
    for file in sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        digest.update(f"{file.relative_to(path).as_posix()} {sha256_of(file)}\n".encode())
    return digest.hexdigest()
