"""Direct identifiers leave the flow here: pseudonyms, the vault, masks, and a scanner."""
