"""The procedure of an incident: who decided what, at which level it is answered, and its log."""
