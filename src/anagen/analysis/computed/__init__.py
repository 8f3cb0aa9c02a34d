"""Numbers that the model gives on claims: each by a named function, from the specification in a treatment's
`numbers.toml`."""
