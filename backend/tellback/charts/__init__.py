"""Plots as SVG that say in words what they show; they know numbers, and no story."""
