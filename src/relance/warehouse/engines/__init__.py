"""One file for each engine of the warehouse, and what each needs."""
