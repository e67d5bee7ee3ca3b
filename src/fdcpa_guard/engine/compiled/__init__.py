"""The rules as generated Python functions: the same answers as the interpreter, in microseconds.

`expressions` turns conditions into Python expressions, `blocks` the blocks into functions, `program` puts the rules of
one specialisation into one function, `screen` keeps the specialisations and picks the right one, `runtime` is what
generated code calls.

Generated code takes names only from tables of this project and constants only through `repr`: a rule file cannot
become code.
"""
