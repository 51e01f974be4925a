"""What a model registry is: versions that never change, aliases that move between them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from limner.errors import LimnerError, some_of

if TYPE_CHECKING:
    import pandas as pd

CHAMPION = "champion"
CHALLENGER = "challenger"

_PICKLE_SUFFIXES = frozenset({".pkl", ".pickle", ".joblib", ".cloudpickle"})
_LONGEST_REASON = 300


@dataclass(frozen=True)
class TrainingRun:
    """Everything that one registration records.

    Attributes:
        model: the registered name; letters, digits, ``_`` and ``-``.
        digest: SHA-256 of the fitted model's files: what makes a version the same version.
        parameters: what the model was trained with.
        metrics: figures under keys such as ``test/auc``.
        tags: where it came from, such as ``git_commit`` or ``dvc_lock_sha256``.
        fitted_directory: the fitted model's files, none of them a pickle.
        pyfunc_code: a script that calls ``declare_pyfunc``; stored, and run at each load.
        input_example: a few rows as a client sends them.
        output_example: the answer to ``input_example``.
        attachments: files or folders for the reader of the run: review page, plots.
        optional_inputs: columns of ``input_example`` that rows may lack.
    """

    model: str
    digest: str
    parameters: Mapping[str, str | int | float | bool]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    fitted_directory: Path
    pyfunc_code: Path
    input_example: "pd.DataFrame"
    output_example: "pd.DataFrame"
    attachments: Sequence[Path] = ()
    optional_inputs: Collection[str] = ()


@dataclass(frozen=True)
class RegisteredVersion:
    """One version of a model, and the aliases it held when it was read.

    Attributes:
        version: counts from 1 within the model.
        run_id: the run that recorded it.
        digest: as registered; empty when someone made the version by another way.
        aliases: in alphabetical order.
    """

    model: str
    version: int
    run_id: str
    digest: str
    aliases: tuple[str, ...]


class ModelRegistry(Protocol):
    """Keeps versions of models. A version never changes; only aliases move."""

    def register(self, run: TrainingRun) -> RegisteredVersion:
        """Keep a fitted model as the next version of its name; it becomes no alias by itself.

        Returns:
            The new version; or the version that already has this digest, and then
            nothing is recorded, but files of it that are gone or altered are written anew.

        Raises:
            PickleRefused: a file of the fitted model is a pickle.
            RegistryUnreachable: the registry does not answer.
        """
        ...

    def set_alias(self, model: str, alias: str, version: int) -> None:
        """Point an alias at a version, in one step: no reader ever finds it unset in between.

        Raises:
            NoSuchVersion: the model has no such version.
            RegistryUnreachable: the registry does not answer.
        """
        ...

    def version_by_alias(self, model: str, alias: str) -> RegisteredVersion | None:
        """Find the version behind an alias; None when nobody set it, or nobody knows the model.

        Raises:
            RegistryUnreachable: the registry does not answer.
        """
        ...

    def models(self) -> tuple[str, ...]:
        """Name the models that have at least one version, in alphabetical order.

        Raises:
            RegistryUnreachable: the registry does not answer.
        """
        ...

    def versions(self, model: str) -> tuple[RegisteredVersion, ...]:
        """List a model's versions, oldest first; none when nobody knows the model.

        Raises:
            RegistryUnreachable: the registry does not answer.
        """
        ...

    def fetch(self, version: RegisteredVersion, into: Path) -> Path:
        """Find a version's fitted directory and verify every file in it.

        Args:
            into: where a copy goes if the registry's own files are not on this machine. A copy
                is kept by its digest, verified at each call, and safe to share by processes.

        Returns:
            A folder with the files as they were in ``fitted_directory``. Do not change them:
            they may be the registry's own.

        Raises:
            NoSuchVersion: the registry does not have the version.
            ModelFilesGone: the registry has the version, but not its files.
            ChampionAltered: the files are not those that were registered.
            RegistryUnreachable: the registry does not answer.
        """
        ...


class RegistryUnreachable(LimnerError):
    """The registry cannot be opened or stopped answering. Never shows credentials."""

    exit_code = 30

    def __init__(self, uri: str, reason: str) -> None:
        self.uri = without_credentials(uri)
        # Libraries quote the address they failed on, whole or in part.
        self.reason = " ".join(_hide_credentials(uri, reason).split())[:_LONGEST_REASON]
        super().__init__(f"the model registry at {self.uri} cannot be used: {self.reason}")


class NoSuchVersion(LimnerError):
    """A version that the registry does not have."""

    exit_code = 31

    def __init__(self, model: str, version: int, known: Sequence[int]) -> None:
        self.model, self.version, self.known = model, version, tuple(known)
        super().__init__(
            f"model {model} has no version {version} in the registry;"
            f" known: {some_of(self.known, 20) or 'none'}"
        )


class ChampionAltered(LimnerError):
    """A champion's files are not those that were registered, and approved, under its version."""

    exit_code = 24

    def __init__(self, version: RegisteredVersion, found: str) -> None:
        self.version, self.found = version, found
        super().__init__(
            f"model {version.model}, version {version.version}: its files have the digest {found},"
            f" registered was {version.digest or 'none'}: restore the registry's files"
            f" ('uv run limner register {version.model}' does, where artifacts/ holds this"
            " version) or promote another version"
        )


class ModelFilesGone(LimnerError):
    """The registry has a version, but its files are not where the registry keeps them."""

    exit_code = 146

    def __init__(self, version: RegisteredVersion, place: str, reason: str) -> None:
        self.version, self.place, self.reason = version, place, reason
        super().__init__(
            f"model {version.model}, version {version.version}: its files are not at {place}"
            f" ({reason}): run 'uv run limner register {version.model}' where artifacts/ holds"
            " this version, or bring mlflow/artifacts along with mlflow/mlflow.db"
        )


class PickleRefused(LimnerError):
    """A model's files hold a pickle, which runs code of its maker's choice when it is read."""

    exit_code = 32

    def __init__(self, model: str, files: Sequence[str]) -> None:
        self.model, self.files = model, tuple(files)
        super().__init__(
            f"model {model} is not registered: {some_of(self.files)} is a pickle;"
            " save the model in its library's own format"
        )


def refuse_pickles(model: str, directory: Path) -> None:
    """Check that no file below a directory is a pickle, by its name or by its first bytes.

    Raises:
        PickleRefused: with every pickle found.
    """
    files = (path for path in sorted(directory.rglob("*")) if path.is_file())
    pickles = [path.relative_to(directory).as_posix() for path in files if _is_pickle(path)]
    if pickles:
        raise PickleRefused(model, pickles)


def _is_pickle(file: Path) -> bool:
    if file.suffix in _PICKLE_SUFFIXES:
        return True
    with file.open("rb") as stream:
        head = stream.read(2)
    # Protocols 2 to 5, all that Python 3 writes by default, open with PROTO and their number.
    return len(head) == 2 and head[0] == 0x80 and 2 <= head[1] <= 5


def without_credentials(uri: str) -> str:
    """Strip user, password and query from an address, so that it may be shown.

    >>> without_credentials("https://ada:secret@mlflow.bank:5000/registry")
    'https://mlflow.bank:5000/registry'
    """
    scheme, mark, rest = uri.partition("://")
    if not mark or scheme.startswith("sqlite"):
        return uri
    before, _, place = rest.rpartition("@")
    # An @ after the first ? may be part of a password in either place: show neither.
    return f"{scheme}://…" if "?" in before else f"{scheme}://{place.partition('?')[0]}"


def _hide_credentials(uri: str, text: str) -> str:
    text = text.replace(uri, without_credentials(uri))
    text = re.sub(r"//[^\s/]*@", "//", text)
    credentials = uri.partition("://")[2].rpartition("@")[0]
    # A password with a slash in it is cut there by whoever parses the address.
    for part in re.split(r"[/?#@]", credentials):
        if len(part) > 2:
            text = text.replace(part, "…")
    return text
