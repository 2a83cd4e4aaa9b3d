"""Tests of the command center: the real server, on real databases."""
