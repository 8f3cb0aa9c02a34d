"""Who takes it: a person, and a cloud of people like that person."""

from .patient import HairEvent, Patient

__all__ = ["HairEvent", "Patient"]
