"""`python -m radsim.cli`."""

from radsim.cli import main

main()
