"""Invoices: validation, deposits, credit notes, subscriptions, e-invoices."""
