"""Compute that survives the screen: a run is a row in a file, and another process computes it.

    home     where the file and the folders are
    schema   the tables, and how an older file becomes a newer one
    states   what a run can be, and which change is legal
    database one connection to the file
    snapshot how a run stands at one moment
    evidence what a run gives: figures, predictions, answers
    store    rows in, snapshots out
    specs    what each kind of run is asked to do
    rules    which values its fields may have
    own      code of one's own, with which a run computes: its text, and who runs it
    own_*    what is asked of it, and how what it gives is held against the record
    client   submit, follow, pause, resume, cancel: all that a screen or a command needs
    record   the same rows from the worker's side: progress, predictions, answers
    worker   the detached process, one for a home at a time
    kinds/   what it computes

Screens and commands import `client` alone; torch is reached only through `worker`.
"""
