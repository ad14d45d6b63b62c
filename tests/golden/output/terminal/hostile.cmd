hunt --sandbox off --output terminal=- --only-rules ../hostile.yml ../hostile.json
