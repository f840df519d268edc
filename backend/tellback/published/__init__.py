"""What the public may see."""
