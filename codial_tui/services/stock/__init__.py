"""Stock: moves, counts, what invoices take out."""
