"""What services answer."""
