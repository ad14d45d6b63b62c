hunt --sandbox off --output jsonl=- {root}/examples/intrusion/evidence
