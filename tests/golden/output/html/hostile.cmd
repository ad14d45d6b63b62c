hunt --sandbox off --output html=- --only-rules ../hostile.yml ../hostile.json
