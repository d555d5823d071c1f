"""Program: from a decision to its result, and back to the next case."""
