"""Staff screens: they call rules and hold none."""
