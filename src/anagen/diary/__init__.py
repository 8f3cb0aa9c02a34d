"""The person's own record: entries, the file that keeps them, checks, and what the record shows."""
