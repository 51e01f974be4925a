"""Paths that cannot be read, written or replaced as they are asked for."""

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
