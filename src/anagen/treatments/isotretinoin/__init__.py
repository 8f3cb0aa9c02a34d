"""Oral isotretinoin."""
