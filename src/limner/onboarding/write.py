"""Drafts into a checkout: all of them or none, and never over anything."""

import os
import tempfile
from pathlib import Path

import limner
from limner.artifacts import replacing
from limner.errors import DraftExists, NoPlaceForDrafts
from limner.onboarding.drafting import Drafts
from limner.onboarding.params_block import FILE, insert_block


def checkout_root() -> Path:
    """Return the project's root: the working directory, whose code must be the one that runs.

    Raises:
        NoPlaceForDrafts: it is no checkout.
    """
    root, package = Path.cwd(), Path("src", "limner")
    for needed in (FILE, "dvc.yaml", package / "portfolios"):
        if not (root / needed).exists():
            raise NoPlaceForDrafts(
                f"there is no {needed} in {root}", "run this from the root of a checkout of Limner"
            )
    running = Path(limner.__file__).resolve().parent
    if running != (root / package).resolve():
        raise NoPlaceForDrafts(
            f"the limner that runs is {running}, not this checkout's",
            "use 'uv run limner' here, which installs the checkout itself",
        )
    return root


def refuse_if_there(root: Path, files: list[Path], blocks: dict[str, str]) -> None:
    """Refuse before any work is done when a draft's place is taken.

    Args:
        blocks: entry by section of ``params.yaml``.

    Raises:
        DraftExists: a file or entry exists.
    """
    import yaml

    there = [file.as_posix() for file in files if (root / file).exists()]
    # A folder of the same name would hide the module.
    there += [f.with_suffix("").as_posix() for f in files if (root / f).with_suffix("").is_dir()]
    content = yaml.safe_load((root / FILE).read_text(encoding="utf-8")) or {}
    there += [
        f"{section}.{name} in {FILE}"
        for section, name in blocks.items()
        if name in (content.get(section) or {})
    ]
    if there:
        raise DraftExists(there)


def write_all(root: Path, drafts: Drafts, portfolio: str, model: str) -> None:
    """Write every file and all blocks, or nothing.

    Raises:
        DraftExists: something of the name appeared meanwhile.
        NoPlaceForDrafts: ``params.yaml`` takes no block.
    """
    params = root / FILE
    # Bytes, so that line ends stay what they are.
    text = params.read_bytes().decode("utf-8")
    text = insert_block(text, "portfolios", portfolio, drafts.portfolio_block)
    text = insert_block(text, "out_of_time_from", portfolio, drafts.out_of_time_block)
    text = insert_block(text, "models", model, drafts.model_block)
    written: list[Path] = []
    try:
        for file, content in drafts.files.items():
            _write_new(root / file, content)
            written.append(root / file)
        _replace_bytes(params, text.encode("utf-8"))
    except BaseException:
        for file in written:
            file.unlink(missing_ok=True)
        raise


def _write_new(path: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    os.close(handle)
    temporary = Path(name)
    try:
        temporary.write_text(content, encoding="utf-8")
        temporary.chmod(0o644)
        # Unlike a rename, a link never takes the place of a file.
        os.link(temporary, path)
    except FileExistsError:
        raise DraftExists([path.name]) from None
    finally:
        temporary.unlink()


def _replace_bytes(path: Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)
