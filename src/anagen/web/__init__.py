"""The web page on the reader's own machine: a second thin door on the same engine as the command line.

`create_app` makes the application; `anagen serve` runs it on loopback. No request leaves the machine.
"""
