hunt --sandbox off --output html=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
