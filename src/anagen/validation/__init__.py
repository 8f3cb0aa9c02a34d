"""Validation: published studies simulated as they were done, and whether what they saw lies in what is predicted.

    study file ─► Study ─► arms ─► values per person ─► the study's statistic, many times ─► inside or outside

The language of study files: `docs/validation.md`.
"""

from anagen.validation.study import Study, read_studies, read_study
from anagen.validation.validate import Validation, validate

__all__ = ["Study", "Validation", "read_studies", "read_study", "validate"]
