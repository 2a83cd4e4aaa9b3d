"""The HTTP routes, one file a noun: translate in, call one function, translate out."""
