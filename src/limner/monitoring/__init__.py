"""After release: what has changed in the data, and what it means for the model."""

from limner.interruption import leave_at_once_where_a_module_is_run

leave_at_once_where_a_module_is_run()
