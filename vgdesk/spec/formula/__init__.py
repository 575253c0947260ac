"""An activation of one's own, typed as a formula in z: read, checked, differentiated. Needs no library.

    text --reading--> tree --domain--> is it real on the whole line?  --kinks--> where does its slope jump?
                       tree --derivative--> tree of phi'

Nothing that a person types is ever executed: `reading` walks Python's syntax tree and knows a short list of its nodes.
"""
