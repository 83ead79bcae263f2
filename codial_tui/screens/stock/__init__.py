"""Stock: counts and history."""
