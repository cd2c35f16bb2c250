#!/bin/sh
# Builds as modules, from Debian's sources, what Debian leaves out of its kernels: netdevsim, and the kinds of links amt,
# bareudp, rmnet and virt_wifi. It takes the headers of that kernel: apt-get install linux-headers-6.12.117+deb12-amd64.
# `npm run test:kernels -- --by qemu` loads what it finds in .tmp/modules/RELEASE.
#
#     scripts/kernels/modules.sh 6.12.117+deb12-amd64
set -eu
release=$1 series=$(echo "$1" | cut -d. -f1-2) folder=$(pwd)/.tmp/modules/$1
mkdir -p "$folder/build"
cd "$folder/build"
apt-get download -qq "linux-source-$series"
dpkg-deb --fsys-tarfile linux-source-*.deb | tar -xO "./usr/src/linux-source-$series.tar.xz" > source.tar.xz
tar -xJf source.tar.xz --strip-components=1 --wildcards '*/drivers/net/netdevsim/*' '*/drivers/net/ethernet/qualcomm/rmnet/*' \
  '*/drivers/net/amt.c' '*/drivers/net/bareudp.c' '*/drivers/net/wireless/virtual/virt_wifi.c'
cat > Kbuild <<'KBUILD'
obj-m := drivers/net/netdevsim/ drivers/net/ethernet/qualcomm/rmnet/ drivers/net/amt.o drivers/net/bareudp.o drivers/net/wireless/virtual/virt_wifi.o
KBUILD
make -s -C "/usr/src/linux-headers-$release" M="$(pwd)" CONFIG_NETDEVSIM=m CONFIG_RMNET=m modules
find . -name '*.ko' -exec cp {} "$folder" ';'
cd ..
rm -r build
