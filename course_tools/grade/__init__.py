"""Grade the notebooks that students hand in."""
