# Does what the entry point of the official image does with the settings of docker/compose.replicas.yaml: makes the
# database at the first start, while it listens on its socket only, then starts it.
set -euo pipefail

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  read -r -a options <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" "${options[@]}"
  printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
  socket=/var/run/postgresql
  pg_ctl -w -D "$PGDATA" -o "-c listen_addresses= -c unix_socket_directories=$socket" start
  createdb --host="$socket" --username="$POSTGRES_USER" --maintenance-db=postgres "$POSTGRES_DB"
  pg_ctl -w -m fast -D "$PGDATA" stop
fi
exec "$@" -c 'listen_addresses=*' -c unix_socket_directories=/var/run/postgresql
