"""A list of planned contacts, held against a log before any is made: which may be, why others may not, and when today.

`run` is the way in: it reads the list and the log, has `judging` judge the contacts of many consumers together, and
writes the results in the order of the list. `changing` and `windows` say at which instants of a day an answer can change.
"""
