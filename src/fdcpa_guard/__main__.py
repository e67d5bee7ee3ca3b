"""`python -m fdcpa_guard` is the command line."""

from fdcpa_guard.cli import main

if __name__ == "__main__":
    main()
