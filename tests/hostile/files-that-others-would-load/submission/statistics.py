raise SystemExit('statistics was loaded')
