"""Every front door: command line and HTTP; no formula here."""
