hunt --sandbox off --output terminal=- --only-rules ../hostile.yml --indicators {root}/examples/intrusion/indicators.json {root}/examples/intrusion/evidence
