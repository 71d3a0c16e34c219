"""Demo data: customers that never were, with everything that the five systems would know of them."""
