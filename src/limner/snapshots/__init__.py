"""Monthly snapshots of a relational bank's customers, with outcomes, exclusions and samples."""

from limner.snapshots.cohort import Consent
from limner.snapshots.draw import Snapshots, draw_snapshots
from limner.snapshots.snapshot_features import read_snapshot_features
from limner.snapshots.windows import SnapshotSamples, Windows

__all__ = [
    "Consent",
    "SnapshotSamples",
    "Snapshots",
    "Windows",
    "draw_snapshots",
    "read_snapshot_features",
]
