"""What is carried to machines without a network, and the program that packs it."""
