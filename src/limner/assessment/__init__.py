"""Evidence on a fitted model: discrimination, calibration, stability, explanation, fairness."""
