"""The weekly digest: what happened in a week, and what waits, read in a minute."""
