hunt --sandbox off --output misp=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
