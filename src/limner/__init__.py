"""Limner: the model lifecycle for a bank's customer profiles (客户画像) and risk models.

Importing the package switches the telemetry of every tool off, before any of
them can be imported: see :mod:`limner.telemetry`.
"""

from limner.telemetry import keep_tools_silent

keep_tools_silent()
