"""What is wrong with a gradient, how we know, and what could be done: pure functions of records and specs."""
