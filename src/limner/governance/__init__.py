"""Gates, promotion and the review page: what stands between a model and its customers."""
