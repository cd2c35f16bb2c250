#!/bin/sh
# iproute2 as a peer; works and output as limit.c's. Dumps are timed from outside: `ip` ends after one.
set -eu
now() { date +%s%N; }
# report START END DIVISOR [more]: nanoseconds to milliseconds
report() {
  awk -v a="$1" -v b="$2" -v n="$3" -v more="${4:-}" 'BEGIN { printf "{\"ms\":[%.5f]%s}\n", (b - a) / 1e6 / n, more }'
}
batch=$(mktemp)
trap 'rm -f "$batch"' EXIT

routes() { # COMMAND N
  awk -v c="$1" -v n="$2" 'BEGIN { for (i = 0; i < n; i++)
    printf "route %s 10.%d.%d.0/24 via 192.168.0.2 dev v0 proto static\n", c, int(i / 256), i % 256 }'
}
numbers() { seq 0 $(($1 - 1)); }

case $1 in
add) # N: in one batch
  routes add "$2" > "$batch"
  start=$(now); ip -batch "$batch"; end=$(now)
  routes del "$2" > "$batch"; ip -batch "$batch"
  report "$start" "$end" "$2";;
get) # N: a process for each
  start=$(now)
  for i in $(numbers "$2"); do ip -d -s link show dev a250 > /dev/null; done
  report "$start" "$(now)" "$2";;
veth) # one|group N: in batches
  ip link add br0 up type bridge
  if [ "$2" = group ]; then group='group 77'; else group=; fi
  for i in $(numbers "$3"); do
    echo "link add va$i up master br0 $group type veth peer name vb$i $group"
  done > "$batch"
  start=$(now); ip -batch "$batch"; created=$(now)
  if [ "$2" = group ]; then echo 'link delete group 77' > "$batch"
  else for i in $(numbers "$3"); do echo "link delete va$i"; done > "$batch"; fi
  begin=$(now); ip -batch "$batch"; end=$(now)
  report "$begin" "$end" 1 "$(awk -v a="$start" -v b="$created" 'BEGIN { printf ",\"create\":%.3f", (b - a) / 1e6 }')"
  ip link delete br0;;
wire) # best|usual N: in as few processes as there can be, or by the commands of tutorials
  ip link add br0 up type bridge
  start=$(now)
  for i in $(numbers "$3"); do
    ip netns add "c$i"
    if [ "$2" = best ]; then
      ip link add "veth$i" up master br0 type veth peer name eth0 netns "c$i"
      ip -n "c$i" -batch - <<X
link set eth0 up
addr add 10.10.0.$((i + 2))/16 dev eth0
route add default via 10.10.0.1
X
    else
      ip link add "veth$i" type veth peer name "tmp$i"
      ip link set "veth$i" master br0
      ip link set "veth$i" up
      ip link set "tmp$i" netns "c$i"
      ip netns exec "c$i" ip link set tmp$i name eth0
      ip netns exec "c$i" ip link set eth0 up
      ip netns exec "c$i" ip addr add "10.10.0.$((i + 2))/16" dev eth0
      ip netns exec "c$i" ip route add default via 10.10.0.1
    fi
  done
  report "$start" "$(now)" "$3"
  for i in $(numbers "$3"); do ip netns delete "c$i"; done
  while ip link show dev "veth$(($3 - 1))" > /dev/null 2>&1; do sleep 0.02; done
  ip link delete br0;;
esac
