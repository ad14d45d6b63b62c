hunt --sandbox off --output csv=- ../nothing.json
