"""Pages that carry the embed."""
