"""Thin DVC entry points: load settings, read, one library call, write."""
