"""YAML whose mappings name each key once: YAML's own reader keeps the last without a word."""

from collections import Counter
from typing import Any

import yaml


class _UniqueKeys(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        """Refuse a mapping that names a key twice, by the key and its line."""
        keys = [key for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        counts = Counter(key.value for key in keys)
        for key in reversed(keys):
            if counts[key.value] > 1:
                fault = f"key '{key.value}' is there twice"
                raise yaml.constructor.ConstructorError(None, None, fault, key.start_mark)
        return super().construct_mapping(node, deep)


def parse_yaml(text: str) -> Any:
    """Parse one document.

    Raises:
        yaml.YAMLError: it is no YAML, or a mapping names a key twice.

    >>> parse_yaml("seed: 1")
    {'seed': 1}
    """
    # It is a SafeLoader: nothing in the text is run.
    return yaml.load(text, Loader=_UniqueKeys)  # noqa: S506
