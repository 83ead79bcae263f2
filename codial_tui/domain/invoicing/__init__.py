"""Invoices: deposits, deductions, EN 16931, statuses, subscriptions."""
