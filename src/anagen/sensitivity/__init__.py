"""Which unknowns decide the answer: Sobol shares of the main outcomes, kept with a treatment as `sensitivity.json`.

sensitivity.toml ─► plan ─► space (numbers to move) ─► screening ─► Sobol sample ─► engine ─► outcomes ─► shares
"""
