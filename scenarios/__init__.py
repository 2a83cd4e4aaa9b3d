"""Files in, problems out, plans back; hazards; the use cases, one file and one function each."""
