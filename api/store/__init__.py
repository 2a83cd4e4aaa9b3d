"""State of the command center: tables, migrations, and the two kinds of transaction on them.

Whoever imports anything of the store knows all its tables: each module of tables is named here.
"""

from api.store import drill_tables as drill_tables
from api.store import job_tables as job_tables
from api.store import procedure_tables as procedure_tables
from api.store import tables as tables
