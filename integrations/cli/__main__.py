"""`python -m integrations.cli` is `dragoman`: how one of our processes starts another."""

from integrations.cli import main

if __name__ == "__main__":
    main()
