hunt --sandbox off --output terminal=- skipped
