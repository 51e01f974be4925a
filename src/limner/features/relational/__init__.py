"""Point-in-time features over the canonical tables: one row a customer and snapshot date.

What each feature is: :mod:`.definitions` (the types) and :mod:`.catalogue` (the features, by
theme). How it is computed: :mod:`.sources` (the rows a formula reads), :mod:`.compiler`
(definitions to SQL), :mod:`.snapshot` (DuckDB) and :mod:`.spark` (the same SQL on Spark).
"""
