"""What a text says: patterns of words, what negates or quotes them, and the lexicons of the law."""
