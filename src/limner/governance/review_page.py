"""The review page: one self-contained file that a governance reviewer can read and print."""

import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment

from limner.artifacts import require
from limner.assessment.evidence import ModelEvidence
from limner.assessment.plots import DOTS_PER_INCH
from limner.governance import review_words as words
from limner.governance.gates import GateReport
from limner.governance.not_evidenced import not_evidenced
from limner.governance.review_format import FILTERS
from limner.governance.review_views import (
    exception_views,
    figure_views,
    gate_views,
    protected_names,
    segment_views,
    stability_views,
)
from limner.modelling.fitted import Manifest
from limner.pages import page_environment
from limner.settings import Settings

_PIXELS_PER_INCH = 96


@dataclass(frozen=True)
class ReviewMaterial:
    """Everything the page shows.

    Attributes:
        settings: the whole of ``params.yaml``.
        quality: the intake's report on the portfolio, ``data/<portfolio>/quality.json``.
        excluded: of a bank, who was seen at its snapshots and not kept, by reason.
        by_days: which days each sample is of, where outcomes become known late.
        drift: the portfolio's drift report, or None where it was not measured.
        plots: folder of the assessment's figures.
        hashes: what the page rests on, by name.
        training_rounds: rounds kept after early stopping, where the caller knows them.
        rates: that an amount was worked out by, such as a spread on deposits.
    """

    manifest: Manifest
    evidence: ModelEvidence
    gates: GateReport
    settings: Settings
    quality: Mapping[str, Any]
    drift: Mapping[str, Any] | None
    plots: Path
    hashes: Mapping[str, str]
    training_rounds: int | None = None
    excluded: Mapping[str, Any] | None = None
    rates: Mapping[str, float] | None = None
    by_days: Mapping[str, Any] | None = None


def render_review_page(material: ReviewMaterial) -> str:
    """Render one HTML file with all it needs inside; equal material gives equal bytes.

    Raises:
        ArtifactMissing: a figure is not among the plots.
        UnknownName: the settings do not know the model.
    """
    manifest, evidence, settings = material.manifest, material.evidence, material.settings
    model = settings.model(manifest.model)
    template = _environment().get_template("review_page.html.j2")
    return template.render(
        material=material,
        manifest=manifest,
        evidence=evidence,
        settings=settings,
        model=model,
        late_from=settings.out_of_time_from[manifest.portfolio],
        gates=gate_views(material.gates, evidence),
        exceptions=exception_views(manifest, model),
        absent=not_evidenced(evidence, material.drift),
        headline=figure_views(evidence),
        protected=protected_names(manifest, evidence),
        stability=stability_views(evidence),
        segments=segment_views(manifest, evidence),
        image=lambda name: _image(material.plots / f"{name}.png"),
    )


@cache
def _environment() -> Environment:
    environment = page_environment("limner.governance")
    environment.filters.update(FILTERS)
    environment.globals.update(words=words)
    return environment


class _Image(NamedTuple):
    """A figure as a data URI, and its size on the page in CSS pixels."""

    source: str
    width: int
    height: int


def _image(png: Path) -> _Image:
    content = require(png).read_bytes()
    # A PNG's header holds width and height; at its true size all figures' letters are alike.
    width, height = struct.unpack(">II", content[16:24])
    scale = _PIXELS_PER_INCH / DOTS_PER_INCH
    encoded = base64.b64encode(content).decode("ascii")
    return _Image(f"data:image/png;base64,{encoded}", round(width * scale), round(height * scale))
