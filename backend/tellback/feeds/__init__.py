"""Stories in other formats: Atom."""
