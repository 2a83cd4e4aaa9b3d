"""Steps from one version of the tables to the next; ``api.store.migrate`` runs them."""
