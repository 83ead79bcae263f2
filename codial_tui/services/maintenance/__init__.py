"""Work orders, equipment, contracts, calls and the planning."""
