hunt --sandbox off --output jsonl=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
