"""Siting models, one model one file."""
