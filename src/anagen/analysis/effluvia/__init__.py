"""The two effluvia, computed and drawn; and the follicles of a regimen by phase."""
