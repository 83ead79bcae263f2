"""Screens of work orders, equipment, contracts, calls and the planning."""
