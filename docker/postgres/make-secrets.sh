# Makes the passwords of the compose files at the first start; later starts keep them. Each lies in a volume of its own,
# which only the containers that need it mount. So there is no default password, and nothing to set.
set -eu
umask 022

password() {
  [ -s "$1" ] && return
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1.new"
  mv "$1.new" "$1"
}

password /secrets/grafana/password
# compose.yaml has no database.
[ -d /secrets/database ] || exit 0
password /secrets/database/password
# Written each time, so that it follows a password that was changed.
printf 'postgres://dalle:%s@postgres:5432/dalle' "$(cat /secrets/database/password)" >/secrets/database/url.new
mv /secrets/database/url.new /secrets/database/url
