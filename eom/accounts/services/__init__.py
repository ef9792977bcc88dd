"""What can be done with accounts, by noun."""
