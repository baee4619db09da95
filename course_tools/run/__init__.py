"""Execute notebooks headless."""
