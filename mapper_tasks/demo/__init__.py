"""A tour on this machine: own servers, real history, a million rows."""
