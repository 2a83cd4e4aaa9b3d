"""Alerts of the Common Alerting Protocol 1.2 (OASIS, 2010): in as incidents, out for evacuation."""
