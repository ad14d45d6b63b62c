hunt --sandbox off --output stix=- --only-rules ../correlated.yml ../correlated_a.json ../correlated_b.json
