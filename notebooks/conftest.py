"""The notebooks' text is not for pytest to import: test_notebooks.py executes it."""

collect_ignore_glob = ["0*.py", "execution.py"]
