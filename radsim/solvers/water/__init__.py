"""The engine of the closed forms: water level and prices of any pool, without sorting it."""
