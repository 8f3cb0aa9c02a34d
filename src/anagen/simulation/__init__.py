"""The engine and its one verb."""
