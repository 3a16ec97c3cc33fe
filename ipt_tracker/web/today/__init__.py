"""The start page: risk first, then who comes today, and what is left to finish."""
