"""One definition of each figure, as Vega-Lite; the page, `--svg` and `.plot()` all draw from these."""
