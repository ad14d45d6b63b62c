hunt --sandbox off --output jsonl=- ../terminal/skipped
