"""Documents as wholes and line by line: made, edited, locked, asked for as data."""
