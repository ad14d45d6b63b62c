hunt --sandbox off --output timesketch=- --only-rules ../hostile.yml ../hostile.json
