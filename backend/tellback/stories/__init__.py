"""What was told: submission, states, contact kept apart."""
