"""Search in what the public may read: one interface, two engines."""
