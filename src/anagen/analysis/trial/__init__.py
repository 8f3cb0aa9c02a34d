"""The parts of a trial's page, each from the trial's JSON alone."""
