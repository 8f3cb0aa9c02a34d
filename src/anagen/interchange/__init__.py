"""Interchange: what Anagen computes, written in the formats of other programs. At the end of the flow.

`sbml`: the whole cascade of one person as equations (SBML Level 3), for libRoadRunner, COPASI and others.
"""
