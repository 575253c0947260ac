"""vgdesk: how large is the gradient in each layer?

Three routes answer that question and end in the same record: *symbolic* (closed forms), *theory* (signal
propagation) and *training* (measured). Importing this package imports nothing heavy.
"""

__version__ = "0.1.0"
