"""After release: what has changed in the data, and what it means for the model."""
