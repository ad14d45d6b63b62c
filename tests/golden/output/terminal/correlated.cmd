hunt --sandbox off --output terminal=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
