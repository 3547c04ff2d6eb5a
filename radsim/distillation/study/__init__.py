"""A study of strategies: its protocol, and its tables, statistics, pictures and report."""
