hunt --sandbox off --output markdown=- --only-rules ../hostile.yml ../hostile.json
