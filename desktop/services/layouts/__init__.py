"""The prompt layouts: shipped ones, and which model has which."""
