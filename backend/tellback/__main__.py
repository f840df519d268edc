"""`python -m tellback` is the command line."""

from tellback.cli import main

if __name__ == "__main__":
    main()
