"""The languages that patients read here, and the sentences in each: gettext catalogues, read as they are."""
