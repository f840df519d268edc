"""What must be sent, and its sending."""
