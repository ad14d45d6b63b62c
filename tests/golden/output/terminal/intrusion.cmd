hunt --sandbox off --output terminal=- {root}/examples/intrusion/evidence
