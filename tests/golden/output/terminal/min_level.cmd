hunt --sandbox off --output terminal=- --min-level high {root}/examples/intrusion/evidence
