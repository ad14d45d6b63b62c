hunt --sandbox off --output csv=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
