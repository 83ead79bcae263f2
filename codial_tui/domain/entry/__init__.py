"""The typing line: what is typed, parsed."""
