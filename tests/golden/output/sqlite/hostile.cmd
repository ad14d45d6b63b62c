hunt --quiet --sandbox off --output sqlite={out} --only-rules ../hostile.yml ../hostile.json
