hunt --sandbox off --output csv=- {root}/examples/intrusion/evidence
