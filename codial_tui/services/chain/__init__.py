"""The chain: transfer, merge, pools, what came back."""
