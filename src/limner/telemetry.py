"""No tool that Limner uses may call home: a bank's process calls no one it did not name."""

import os

# Each tool compares with the word "true" (any case), not with "1".
OPT_OUTS = {
    "DO_NOT_TRACK": "true",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "BENTOML_DO_NOT_TRACK": "true",
    "DVC_NO_ANALYTICS": "true",
    "DISABLE_TELEMETRY": "true",
}

# Threads that spin while they wait for each other make XGBoost and small matrix products
# many times slower on a busy machine; passive waiting gives the core back. BLAS on one
# thread also sums in one order, and no product here is large enough to gain from two.
THREADING = {"OMP_WAIT_POLICY": "passive", "OPENBLAS_NUM_THREADS": "1"}


def keep_tools_silent() -> None:
    """Set every opt-out for this process and its children. Call before other imports.

    The opt-outs overwrite what the environment says; the threading default does not.
    """
    os.environ.update(OPT_OUTS)
    for name, value in THREADING.items():
        os.environ.setdefault(name, value)
