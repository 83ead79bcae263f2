"""codial_tui: the sales chain of French trade, building and service companies, in a terminal."""

__version__ = "0.1.0"
