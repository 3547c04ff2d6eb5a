"""Statement, file, status: everything here is run by pytest."""
