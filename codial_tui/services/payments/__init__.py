"""Payments and collecting: instalments, allocation, bank, debits, reminders."""
