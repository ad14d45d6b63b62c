hunt --sandbox off --quiet --output jsonl=- --only-rules shapes.yml {in}
