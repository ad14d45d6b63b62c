hunt --sandbox off --output navigator=- --only-rules ../hostile.yml ../hostile.json
