"""Roads and places in, seconds out: no optimization."""
