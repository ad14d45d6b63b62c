hunt --sandbox off --output csv=- --only-rules ../hostile.yml ../hostile.json
