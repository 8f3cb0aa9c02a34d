"""`python -m anagen`: the command line."""

from anagen.cli import main

if __name__ == "__main__":
    main()
