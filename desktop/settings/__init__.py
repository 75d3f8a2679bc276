"""The settings of the program: one table, and the file that holds what the user chose."""
