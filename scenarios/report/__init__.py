"""Pages, maps and tables of a plan."""
