"""What the law wants of the records: seals, journals, closings, archives, verification."""
