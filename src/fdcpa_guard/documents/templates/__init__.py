"""Templates: what of a text is a hole, what is control of the template and no word of the letter. Nothing is ever executed."""
