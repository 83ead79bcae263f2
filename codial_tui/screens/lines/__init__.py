"""The Lignes tab."""
