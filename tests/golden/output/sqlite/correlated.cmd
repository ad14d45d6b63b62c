hunt --quiet --sandbox off --output sqlite={out} --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
