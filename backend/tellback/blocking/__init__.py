"""Addresses kept out, and phrases marked, for a time."""
