"""Buying: needs, suppliers, price requests, matching, consumption."""
