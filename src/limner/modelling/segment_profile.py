"""Segments as a person reads them: size, what sets them apart, how they respond."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from limner.contract import Column
from limner.domain import Bilingual
from limner.features.catalogue import Feature
from limner.features.values import Facts, feature_values
from limner.modelling.fitted import DefiningFeature, Segment
from limner.modelling.k_means import Axis, Labels, design_matrix, fit_axes


def describe_segments(
    features: Sequence[Feature], columns: Mapping[str, Column], facts: Facts,
    labels: Labels, outcome: npt.NDArray[np.int64], defining: int,
) -> tuple[Segment, ...]:  # fmt: skip
    """Profile each segment on the development sample, however it was formed.

    Args:
        labels: segment of each customer, 0 .. n_segments - 1.
        outcome: 0 or 1; its rate describes a segment, it forms none.
        defining: features named a segment, those with the largest standardised
            difference from all customers.
    """
    axes = fit_axes(features, columns, facts)
    design = design_matrix(axes, columns, facts)
    overall_rate = float(outcome.mean())
    profiles = []
    for number in range(int(labels.max()) + 1):
        inside = labels == number
        apart = _defining_features(axes, design[inside], columns, facts, inside, defining)
        rate = float(outcome[inside].mean())
        profiles.append(
            Segment(
                number=number + 1,
                name=_name(apart),
                customers=int(inside.sum()),
                share=float(inside.mean()),
                response_rate=rate,
                offered=rate > overall_rate,
                defining=apart,
            )
        )
    return tuple(profiles)


def _defining_features(
    axes: Sequence[Axis], design: npt.NDArray[np.float64], columns: Mapping[str, Column],
    facts: Facts, inside: npt.NDArray[np.bool_], most: int,
) -> tuple[DefiningFeature, ...]:  # fmt: skip
    apart = design.mean(axis=0)
    ranked = sorted(range(len(axes)), key=lambda i: -abs(apart[i]))
    named: dict[str, DefiningFeature] = {}
    for index in ranked:
        axis = axes[index]
        # "rarely retired" says little of a person, "student" does; "no" repeats "yes".
        says_little = axis.level == "no" or (axis.level not in (None, "yes") and apart[index] < 0)
        if axis.feature.name not in named and len(named) < most and not says_little:
            values = feature_values(axis.feature, columns, facts)
            named[axis.feature.name] = _difference(axis, values, inside, float(apart[index]))
    return tuple(named.values())


def _difference(
    axis: Axis, values: npt.NDArray[np.generic], inside: npt.NDArray[np.bool_], apart: float
) -> DefiningFeature:
    if axis.level is None:
        numbers = values.astype(np.float64)
        # Not medians: those of counts are often zero in a segment and overall alike.
        means = float(np.nanmean(numbers[inside])), float(np.nanmean(numbers))
        return DefiningFeature(
            label=axis.feature.label, level=None, in_segment=means[0], overall=means[1],
            difference=apart,
        )  # fmt: skip
    return DefiningFeature(
        label=axis.feature.label,
        level=axis.level,
        in_segment=float(np.mean(values[inside] == axis.level)),
        overall=axis.centre,
        difference=apart,
    )


def _name(apart: Sequence[DefiningFeature]) -> Bilingual:
    named = apart[:2]
    return Bilingual(
        ", ".join(_phrase_en(feature) for feature in named),
        "，".join(_phrase_zh(feature) for feature in named),
    )


def _phrase_en(feature: DefiningFeature) -> str:
    if feature.level is None:
        return f"{'higher' if feature.difference > 0 else 'lower'} {feature.label.en}"
    if feature.level == "yes":
        return f"{'with' if feature.difference > 0 else 'without'} {feature.label.en}"
    return f"{feature.label.en} {feature.level}"


def _phrase_zh(feature: DefiningFeature) -> str:
    if feature.level is None:
        return f"{feature.label.zh}{'较高' if feature.difference > 0 else '较低'}"
    if feature.level == "yes":
        return f"{'有' if feature.difference > 0 else '无'}{feature.label.zh}"
    return f"{feature.label.zh}为{feature.level}"
