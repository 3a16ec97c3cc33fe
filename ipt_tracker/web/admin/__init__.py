"""Accounts and who supervises whom: for clinic administrators, without clinical text."""
