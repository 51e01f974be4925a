"""Bring your own table: look at a file, and draft what its portfolio and first model need."""
