"""What a person's record can tell: the same model fitted to it. For clinicians and research only."""
