"""Redaction, decisions, the queue."""
