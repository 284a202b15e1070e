"""Predictions of a running installation: built from its warehouse by a process of their own, kept in the store, looked at.

Owns the tables `prediction_runs`, `prediction_models`, `prediction_current`, `prediction_scores` and `prediction_targets`. Reads the warehouse.
The engine tells scores to the warehouse, where conditions find them. Called by `runtime` (what is due), the API and the command line.
"""
