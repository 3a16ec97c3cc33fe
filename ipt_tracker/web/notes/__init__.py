"""Notes: signing, co-signing, adding and correcting, printing; and process notes apart."""
