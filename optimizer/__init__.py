"""Numbers in, decisions out: no maps, no files, no HTTP."""
