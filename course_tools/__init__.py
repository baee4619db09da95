"""Commands for whoever runs the course."""
