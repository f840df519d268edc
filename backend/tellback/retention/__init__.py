"""For how long what is kept: one table of rules, and what forgets by it."""
