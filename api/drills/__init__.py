"""Live drills: an exercise beside real life, in a world of its own with a clock of its own."""
