"""What is carried to machines without a network."""
