"""Lines and their amounts: prices, totals, tools, what follows from an edit."""
