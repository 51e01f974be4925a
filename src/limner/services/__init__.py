"""HTTP: translate a request, call :mod:`limner.scoring`, translate its answer."""
