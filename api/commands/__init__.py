"""The commands of ``muster``, one file a noun; heavy modules are imported inside the functions."""
