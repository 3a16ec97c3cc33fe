"""How numbers look: frozen input to matplotlib Figure to SVG, PNG and PDF."""
