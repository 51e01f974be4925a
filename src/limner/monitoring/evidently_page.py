"""Evidently's page as Limner hands it on: lighter, closed to injected script, fetching nothing."""

import json
import re
from collections.abc import Sequence
from typing import Any

_DATA = re.compile(r"(?m)^    var ((?:additional_graphs_)?metric_[0-9a-f]{32}) = (.*);$")
_GRAPHS = "additional_graphs_"
# The page holds all it shows, so a browser may be told to fetch nothing at all.
_FETCH_NOTHING = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "font-src data:; img-src data: blob:; base-uri 'none'; form-action 'none'"
)


def settle_page(page: str, more: str | None = None, drawn: Sequence[str] | None = None) -> str:
    """Make a page of Evidently's smaller and harmless.

    Args:
        more: a second page, whose widgets follow those of the first.
        drawn: columns whose figures the table of drift keeps; all if None. The others keep
            their row.

    Raises:
        RuntimeError: a page has another shape than this version of Limner knows.
    """
    widgets, graphs = _data_of(page)
    if more is not None:
        more_widgets, more_graphs = _data_of(more)
        widgets["widgets"] += more_widgets["widgets"]
        graphs |= more_graphs
    if drawn is not None:
        for graph in _take_out_figures(widgets, frozenset(drawn)):
            graphs.pop(graph, None)
    settled = _DATA.sub(
        lambda line: _line(line[1], graphs if line[1].startswith(_GRAPHS) else widgets), page
    )
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_FETCH_NOTHING}">'
    return settled.replace("<head>", f"<head>\n        {policy}", 1)


def _data_of(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read what a page shows: its widgets, and the figures that they open."""
    found = {line[1]: _without_second_figures(json.loads(line[2])) for line in _DATA.finditer(page)}
    graphs = [data for name, data in found.items() if name.startswith(_GRAPHS)]
    widgets = [data for name, data in found.items() if not name.startswith(_GRAPHS)]
    if len(graphs) != 1 or len(widgets) != 1:
        raise RuntimeError("Evidently's page has another shape than this version of Limner knows")
    # The group holds the presets; beside it stand the tests by Evidently's own limits.
    widgets[0]["widgets"] = [part for part in widgets[0]["widgets"] if part["type"] == "group"]
    return widgets[0], graphs[0]


def _take_out_figures(node: Any, drawn: frozenset[str]) -> list[str]:
    """Take the figures out of the rows of columns that are not drawn; return their ids."""
    if isinstance(node, list):
        return [graph for part in node for graph in _take_out_figures(part, drawn)]
    if not isinstance(node, dict):
        return []
    if "column_name" in node and "details" in node and node["column_name"] not in drawn:
        return [part["id"] for part in node.pop("details")["parts"]]
    return [graph for part in node.values() for graph in _take_out_figures(part, drawn)]


def _line(name: str, data: dict[str, Any]) -> str:
    # A category named "</script>" would otherwise end the script and run what follows.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    return f"    var {name} = {text};"


def _without_second_figures(node: Any) -> Any:
    """Leave out the figures inside the widgets: the page draws its other copy of them."""
    if isinstance(node, list):
        return [_without_second_figures(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: part for key, part in node.items() if key != "additionalGraphs"}
    return {key: _without_second_figures(part) for key, part in kept.items()}
