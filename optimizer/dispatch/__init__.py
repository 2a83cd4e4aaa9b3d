"""Whom to send, what to bring, whom to move first: arrays in, plans with proofs out."""
