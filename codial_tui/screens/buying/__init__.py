"""Buying on screen: needs, subcontracting, price requests, consumption, reports."""
