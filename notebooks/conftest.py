"""The notebooks' text is not for pytest to import: test_notebooks.py executes it."""

collect_ignore_glob = ["[01]*.py", "execution.py"]
