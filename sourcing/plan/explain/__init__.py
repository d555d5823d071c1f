"""Explanation: why this plan, what each rule costs, what would change it, and what else could be done."""
