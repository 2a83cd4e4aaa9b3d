"""Rounds of a mixed fleet: who visits what, in which order."""
