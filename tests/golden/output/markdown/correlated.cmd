hunt --sandbox off --output markdown=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
