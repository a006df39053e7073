"""Hosted services: who is asked, how often, what is paid, what comes back."""
