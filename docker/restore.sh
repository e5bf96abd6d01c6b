# Restores an archive of backup.sh, which it reads from its input, into an empty folder. Needs GNU tar.
#   sh docker/restore.sh /var/lib/dalleserver < dalleserver.tar
set -eu
cd "${1:-/data}"
# A new file system has a folder of its own.
if [ -n "$(ls -A | grep -vx lost+found)" ]; then
  echo "$PWD is not empty: restore into an empty folder, and start no server on it before" >&2
  exit 1
fi
# backup.sh ends an archive with this folder.
if ! tar -xf - || ! rmdir end-of-backup 2> /dev/null; then
  echo "The archive is not whole: $PWD has a part of it only. Empty it, and take another archive" >&2
  exit 1
fi
