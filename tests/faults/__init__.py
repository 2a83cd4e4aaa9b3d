"""Faults on purpose: the real server killed, raced, starved; also run by ``dev.py faults``."""
