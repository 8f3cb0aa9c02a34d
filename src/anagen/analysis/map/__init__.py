"""The mechanism map: what drives what in a simulation, from the wiring that ran; in words and as a drawing."""
