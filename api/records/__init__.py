"""Records of people and documents: contacts, shifts, responsible units, plan documents; and what is near."""
