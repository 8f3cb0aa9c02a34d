"""Results in the forms that others use (tables, Parquet, Arrow, CSV, JSON), each with what repeats it."""
