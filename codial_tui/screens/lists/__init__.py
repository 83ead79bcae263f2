"""Lists of any kind of document or record."""
