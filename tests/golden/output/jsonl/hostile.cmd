hunt --sandbox off --output jsonl=- --only-rules ../hostile.yml ../hostile.json
