"""python -m grader is mg-grade."""

from grader.cli import main

main()
