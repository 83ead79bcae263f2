"""What stands on paper, in French, before it is drawn."""
