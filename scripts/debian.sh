#!/bin/sh
# Unpacks packages of another Debian suite, and all they need, into a folder that one can chroot into; nothing of the
# machine's own is installed or changed. It is how the tests come by programs that this Debian has too old.
#
#     scripts/debian.sh trixie .tmp/trixie podman netavark crun strace dash
set -eu
suite=$1 folder=$2; shift 2
own=$(mktemp -d) new=$folder.new
trap 'rm -rf "$own" "$new"' EXIT
rm -rf "$new"
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Origin: Debian' | head -n 1)
mkdir -p "$own/lists/partial" "$own/cache/archives/partial"
: > "$own/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$own/sources"
cat > "$own/apt.conf" <<CONF
Dir::State::lists "$own/lists";
Dir::State::status "$own/status";
Dir::Cache "$own/cache";
Dir::Etc::sourcelist "$own/sources";
Dir::Etc::sourceparts "-";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Debug::NoLocking "true";
CONF
export APT_CONFIG="$own/apt.conf" DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --download-only "$@" > /dev/null
for name in bin lib lib64 sbin; do
  mkdir -p "$new/usr/$name"
  ln -s "usr/$name" "$new/$name"
done
for package in "$own"/cache/archives/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$new" --keep-directory-symlink; done
rm -rf "$folder"
mv "$new" "$folder"
