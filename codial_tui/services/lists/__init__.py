"""Lists, pickers and home: what is shown of many rows, by SQL."""
