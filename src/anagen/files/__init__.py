"""Files that people write (TOML), read with errors that point at the place."""
