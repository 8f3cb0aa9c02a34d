"""Interchange: what Anagen computes, written in the formats of other programs. At the end of the flow.

`sbml`: the whole cascade of one person as equations (SBML Level 3), for libRoadRunner, COPASI and others.
`nonmem`: event tables in and out. `fhir`: orders, administrations and observations (R4). `ucum`: units at the edges.
`results`: tables and files of results, each with a record that `rerun` repeats.
"""
