"""What somebody wants to hear of as it happens: alerts of people, and webhooks of their systems."""
