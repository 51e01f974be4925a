"""Compare every output and the service's contract with a frozen copy.

For changes that move code and must change no result: run it after ``dvc repro``.

    uv run python tests/support/unchanged.py             what differs; exit code 1 if anything does
    uv run python tests/support/unchanged.py --freeze    take the present state as the copy
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

FROZEN = Path(__file__).with_name("unchanged.json")
# The review page shows the hashes of code and settings, which a move changes by design.
SHOWS_HASHES = "review.html"

Hashes = dict[str, str]


def output_hashes(lock: Mapping[str, Any]) -> Hashes:
    """Return DVC's hash of each output by its path, but for the review pages."""
    outputs = (out for stage in lock["stages"].values() for out in stage.get("outs", ()))
    return {
        out["path"]: out["md5"]
        for out in sorted(outputs, key=lambda out: str(out["path"]))
        if Path(out["path"]).name != SHOWS_HASHES
    }


def openapi_hashes(root: Path) -> Hashes:
    """Return the hash of each part of the OpenAPI document of the models fitted here."""
    from limner.modelling.fitted import read_model
    from limner.services.app import create_app
    from limner.services.champions import Champion

    fitted = (read_model(f.parent, 1) for f in root.glob("artifacts/models/*/fitted/manifest.json"))
    # Version and digest are values of answers, not part of the contract's shape.
    champions = {m.manifest.model: Champion(m, 1, "0" * 64) for m in fitted}
    document = create_app(dict(sorted(champions.items()))).openapi()
    parts = {f"path {path}": answers for path, answers in document.pop("paths").items()}
    schemas = document.pop("components")["schemas"]
    parts |= {f"schema {name}": schema for name, schema in schemas.items()}
    return {name: _hash(part) for name, part in sorted({"info": document, **parts}.items())}


def differences(frozen: Mapping[str, Hashes], now: Mapping[str, Hashes]) -> list[str]:
    """Name what is gone, new or different, one line each.

    >>> differences({"outputs": {"a": "1", "b": "2"}}, {"outputs": {"b": "3", "c": "4"}})
    ['outputs: a is gone', 'outputs: b differs', 'outputs: c is new']
    """
    found = []
    for kind in frozen.keys() | now.keys():
        before, after = frozen.get(kind, {}), now.get(kind, {})
        for name in sorted(before.keys() | after.keys()):
            if name not in after:
                found.append(f"{kind}: {name} is gone")
            elif name not in before:
                found.append(f"{kind}: {name} is new")
            elif before[name] != after[name]:
                found.append(f"{kind}: {name} differs")
    return sorted(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--freeze", action="store_true", help="take the present state as the copy")
    freeze = parser.parse_args().freeze
    root = Path.cwd()
    lock = yaml.load((root / "dvc.lock").read_text("utf-8"), Loader=yaml.CSafeLoader)
    now = {"outputs": output_hashes(lock), "openapi": openapi_hashes(root)}
    if freeze:
        FROZEN.write_text(json.dumps(now, indent=1) + "\n", encoding="utf-8")
        print(f"frozen: {len(now['outputs'])} outputs, {len(now['openapi'])} parts of the contract")
        return 0
    found = differences(json.loads(FROZEN.read_text("utf-8")), now)
    counted = ", ".join(f"{len(hashes)} {kind}" for kind, hashes in now.items())
    print("\n".join(found) or f"unchanged: {counted}")
    return bool(found)


def _hash(part: object) -> str:
    return hashlib.sha256(json.dumps(part, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
