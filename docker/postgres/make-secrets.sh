# Makes the passwords of compose.replicas.yaml at the first start; later starts keep them. Each lies in a volume of its
# own, which only the containers that need it mount. So there is no default password, and nothing to set.
set -eu
umask 022

password() {
  [ -s "$1" ] && return
  od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$1.new"
  mv "$1.new" "$1"
}

password /secrets/database/password
password /secrets/grafana/password
# Written each time, so that it follows a password that was changed.
printf 'postgres://dalle:%s@postgres:5432/dalle' "$(cat /secrets/database/password)" >/secrets/database/url.new
mv /secrets/database/url.new /secrets/database/url
