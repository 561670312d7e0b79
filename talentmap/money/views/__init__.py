"""The pages of money: funds, tariffs, payables, batches, recovery claims."""
