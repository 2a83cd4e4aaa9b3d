"""Where the data that Muster ships lies: the Pingluo region and the scenarios on it."""

from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
"""Folder of shipped regions and scenarios."""
PINGLUO = DATA / "pingluo"
"""The shipped region."""
