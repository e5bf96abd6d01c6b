#!/bin/sh
# Installs the certificate of a folder of certbot for the profile `tls` of compose.yaml, and lets nginx load it:
#   sh docker/nginx/install-certificate.sh /etc/letsencrypt/live/dalle.example
# As --deploy-hook of certbot it takes the folder from RENEWED_LINEAGE.
set -eu

from="${1:-${RENEWED_LINEAGE:?name the folder of the certificate}}"
docker="$(cd "$(dirname "$0")/.." && pwd)"
to="$docker/secrets/tls"

mkdir -p "$to"
umask 077
cp -L "$from/privkey.pem" "$to/key.pem.new"
cp -L "$from/fullchain.pem" "$to/certificate.pem.new"
chmod 444 "$to/certificate.pem.new"
# The user of nginx in the container.
chown 101 "$to" "$to/key.pem.new" "$to/certificate.pem.new"
mv -f "$to/key.pem.new" "$to/key.pem"
mv -f "$to/certificate.pem.new" "$to/certificate.pem"

# Before the first start there is nothing to reload.
compose="docker compose -f $docker/compose.yaml --profile tls"
if [ -n "$($compose ps --quiet --status running tls)" ]; then
  $compose exec -T tls nginx -s reload
fi
