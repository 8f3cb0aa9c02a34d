"""What a record shows, with how sure it can be. Describes; never names a cause, a diagnosis or a dose to take."""
