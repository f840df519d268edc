"""Stories in other formats: Atom, JSON Feed, oEmbed, a frame."""
