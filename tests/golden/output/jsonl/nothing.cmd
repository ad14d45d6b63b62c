hunt --sandbox off --output jsonl=- ../nothing.json
