"""Files that people write, read with errors that point at the place: `text` of any, `reading` of TOML."""
