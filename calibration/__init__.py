"""Calibration: rows of published studies in, parameters with uncertainty out. `python -m calibration`, from the root.

    rows/*.toml, priors*.toml ─► Block ─► fit (NUTS) ─► report ─► parameters.toml, calibration.json

Nothing here is shipped with the program; what it writes is. It never reads what it wrote.
"""
