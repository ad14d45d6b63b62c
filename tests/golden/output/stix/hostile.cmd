hunt --sandbox off --output stix=- --only-rules ../hostile.yml ../hostile.json
