"""Group IPT: groups, who leads and who belongs, and one record for each of their meetings."""
