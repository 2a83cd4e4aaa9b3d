"""Benchmarks: registry, cases, peers. Nothing imports this package."""
