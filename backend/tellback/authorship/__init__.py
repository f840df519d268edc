"""The author's own view of a story: /my-story."""
