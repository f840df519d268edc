"""Organisations and the care services they run; the finder."""
