"""Accounting, closings, the journal of events."""
