"""Treatments: one folder per drug, data and wiring only."""
