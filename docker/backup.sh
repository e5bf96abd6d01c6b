# Writes a tar archive of a data folder to its output, also while a server works on the folder. Needs GNU tar.
#   sh docker/backup.sh /var/lib/dalleserver > dalleserver.tar
set -eu
cd "${1:-/data}"
if [ ! -d output ]; then
  echo "$PWD has no folder output: it is no data folder" >&2
  exit 1
fi

# The journal and the money come first. So a run that ends meanwhile is in the archive as a run, as its picture, or as
# both; and both is what a kill leaves, too.
set --
for name in runs metrics; do [ ! -e "$name" ] || set -- "$@" "./$name"; done
for name in *; do
  case $name in
    # Variants are made again, the lock belongs to a process, the id to the folder, and lost+found to the file system.
    runs | metrics | cache | dalleserver.lock | dalleserver.id | lost+found) ;;
    *) set -- "$@" "./$name" ;;
  esac
done
for name in "$@"; do
  if [ -L "$name" ]; then
    echo "${name#./} is a link: the archive would not have what it leads to" >&2
    exit 1
  fi
done

# Status 1 means that files were added to, replaced or removed meanwhile. tar reads an open file to the size that it had,
# and the server replaces files as a whole, so each file in the archive is whole. The last entry, an empty folder, shows
# that the archive is whole too: tar takes one that was cut between two files for a shorter one.
status=0
tar --exclude='.*.tmp' --warning=no-file-changed --warning=no-file-removed --transform='s,^\.$,end-of-backup,SH' \
  -cf - "$@" --no-recursion . || status=$?
[ "$status" -le 1 ]
