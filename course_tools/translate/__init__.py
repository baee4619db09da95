"""Make the Chinese edition: keep its catalogues up to date, and write its notebooks from them."""
