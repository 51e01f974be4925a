"""Paths that cannot be read, written or replaced as they are asked for."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from limner.errors.base import LimnerError


class InputPathUnfit(LimnerError):
    """A path that is to be read is not there, is of the wrong kind, or may not be read."""

    exit_code = 100

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"cannot read {path or 'a path without a name'}: {reason}")


class OutputPathUnfit(LimnerError):
    """A path that is to be written cannot be a new file: a folder, a device, no permission."""

    exit_code = 101

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        named = path or "a path without a name"
        super().__init__(f"cannot write {named}: {reason}; nothing was written")


class OutputExists(LimnerError):
    """A file would be replaced although the command does not replace files, or was not told to."""

    exit_code = 102

    def __init__(self, path: str, remedy: str) -> None:
        self.path, self.remedy = path, remedy
        super().__init__(f"{path} exists already and was not replaced: {remedy}")


class NotAnArtefact(LimnerError):
    """Something that is no artefact of this project would be removed to make way for one."""

    exit_code = 103

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(
            f"{path} is in the way and is no artefact of this project, so it is not removed: only"
            " what lies two levels below its data, artifacts or mlflow folder is replaced"
        )


class PlaceNotWritable(LimnerError):
    """A command must write where it cannot: a read-only project, or a full disk."""

    exit_code = 148

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(
            f"{path} cannot be written: {reason}: run the command in a copy of the project that"
            " may be written, or make room; score, serve, example and models need no more than to"
            " read"
        )


_NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT}


@contextmanager
def unwritable_told() -> Iterator[None]:
    """Turn the system's refusal to write into one error, at the door of every command.

    Raises:
        PlaceNotWritable: the system refused, wherever in the block that was.
    """
    try:
        yield
    except OSError as fault:
        if fault.errno not in _NOT_WRITABLE or fault.filename is None:
            raise
        raise PlaceNotWritable(str(fault.filename), fault.strerror or "it fails") from fault
