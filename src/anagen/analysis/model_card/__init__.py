"""What the model says of itself: the parts of the calibration page, the validation page and the model card."""
