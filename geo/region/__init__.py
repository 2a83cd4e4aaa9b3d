"""Regions: layers as tables, their file forms, their checks."""
