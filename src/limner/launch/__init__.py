"""Start a stage where its libraries are already imported.

Every DVC stage is a process of its own, and each would import XGBoost, MLflow or Evidently
anew for seconds. ``python -m limner.launch stages.train <model>`` asks a *warm process* to fork
instead: it holds imported third-party modules and nothing else, no settings, no data and none of
Limner's own code, so that a stage starts as it would in a fresh interpreter, only sooner.

The first stage starts the warm process; it ends by itself once no stage has come for a while.
Where there is none (the first stage, another system than Linux, ``LIMNER_WARM=off``, any fault
on the way to it), the stage runs in the process that was started, as plain Python would run it.
"""
