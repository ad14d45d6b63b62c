hunt --sandbox off --output navigator=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
