"""Discrete-event simulation of calls and teams: numbers in, event logs out."""
