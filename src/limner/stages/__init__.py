"""Thin DVC entry points: load settings, read, one library call, write."""

from limner.interruption import leave_at_once_where_a_module_is_run

leave_at_once_where_a_module_is_run()
