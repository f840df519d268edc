"""What services answer, and what they changed."""
