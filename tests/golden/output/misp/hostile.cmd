hunt --sandbox off --output misp=- --only-rules ../hostile.yml ../hostile.json
