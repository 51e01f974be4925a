"""From a bank's extract to a trusted table: contracts enforced, nothing lost."""
