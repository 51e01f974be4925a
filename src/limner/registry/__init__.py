"""Which models exist, in which versions, and which of them is champion.

:mod:`~limner.registry.protocol` says what a registry does and raises;
:mod:`~limner.registry.mlflow_registry` keeps it in MLflow (and is the only door
to it); :mod:`~limner.registry.memory` keeps it in a dictionary, for tests.
"""
