hunt --sandbox off --output terminal=- ../nothing.json
