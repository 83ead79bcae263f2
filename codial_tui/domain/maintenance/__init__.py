"""Work orders: times, coverage, contracts, planning. Pure rules."""
