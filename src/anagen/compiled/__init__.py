"""How what is computed becomes programs: JAX as we want it, and programs kept on disk."""
