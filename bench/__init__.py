"""How fast the service is, against peers on the same data in the same run; no part of what is installed."""
