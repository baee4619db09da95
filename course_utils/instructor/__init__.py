"""Tools for those who run the course rather than take it; notebooks import none of this."""
