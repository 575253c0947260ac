"""How long tests wait for what comes from processes, threads and timers: much longer than it takes.

The machines are shared, and on a cold cache kernels are compiled first. So a limit says nothing about the program; it
only ends a test for which nothing comes at all.
"""

SECONDS = 300.0
