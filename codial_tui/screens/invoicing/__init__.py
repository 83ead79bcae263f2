"""Deposits, credit notes, subscriptions, e-invoices."""
