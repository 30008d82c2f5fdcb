raise SystemExit('conftest was loaded')
