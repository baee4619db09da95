"""Make the book, the uploads and the handed-out exercises."""
