"""The builder of the shipped Pingluo region: facts in YAML beside, reconstruction in code.

``python -m scenarios.pingluo ../shared/data/pingluo scenarios/data/pingluo`` writes the region again;
``docs/pingluo.md`` says what is fact and what is assumed.
"""
