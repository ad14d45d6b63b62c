hunt --sandbox off --output timesketch=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
