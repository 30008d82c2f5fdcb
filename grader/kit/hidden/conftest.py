"""Makes the hidden tests a pytest suite that can be run by hand: pytest PATH-OF-THIS-FOLDER --submission=DIR"""

pytest_plugins = ["grader.grading.by_hand"]
