"""Translators' work: catalogues gathered from the sources, brought up to them, checked and filled in."""
