"""Files that a diary is written to and read from: CSV, JSON, and JSON in the manner of FHIR."""
