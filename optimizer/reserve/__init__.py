"""The material reserve: what people need, and when what is held is used up, replaced or passed on."""
