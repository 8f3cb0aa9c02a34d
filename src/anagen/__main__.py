"""`python -m anagen`: the command line."""

from anagen.cli import run

if __name__ == "__main__":
    run()
