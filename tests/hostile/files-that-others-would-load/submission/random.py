raise SystemExit('random was loaded')
