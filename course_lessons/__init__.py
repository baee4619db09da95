"""What the lessons consist of beside their notebooks, one folder per lesson."""
