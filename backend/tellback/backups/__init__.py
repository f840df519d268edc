"""Backups of all that is kept, their restoring, and upgrades that take one first."""
