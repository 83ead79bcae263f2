"""Accounting: entries, exports, VAT and e-reporting figures."""
