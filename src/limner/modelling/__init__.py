"""Fitting: encoding, gradient boosting, calibration, segmentation, and the fitted artefact."""
