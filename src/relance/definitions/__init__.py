"""Definitions: what people write in YAML or JSON, checked, published and kept in versions.

Owns the table `definitions` and adds rows to `journey_versions`. Called by the command line, the management interface
and the simulation; calls the checks of each noun.
"""
