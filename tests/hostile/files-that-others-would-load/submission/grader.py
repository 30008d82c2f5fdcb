raise SystemExit('grader was loaded')
