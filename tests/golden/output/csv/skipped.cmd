hunt --sandbox off --output csv=- ../terminal/skipped
