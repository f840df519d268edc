"""HTTP plumbing that knows nothing of stories: problems, CORS, limits, pages of a list."""
