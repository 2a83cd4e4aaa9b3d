"""Hazards as zones: chemical releases and floods, pure computing on weather, substances and polygons.

Entry points: ``chemical.chemical_hazard``, ``flood_zones.flood_hazard``, ``zones.people_inside``,
``zone_closures.closures_of``, ``advice.advise``. Formulas, sources and limits: ``docs/hazards.md``.
"""
