"""State of the command center: tables, migrations, and the two kinds of transaction on them."""
