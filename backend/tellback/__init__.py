"""Tellback: patients tell, services answer."""

__version__ = "0.1.0"
