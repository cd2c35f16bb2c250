/* libnl's caches as a peer: `libnl dump route|link|neigh|addr TIMES`. */
#include <netlink/netlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/neighbour.h>
#include <netlink/route/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static struct nl_cache *fill(struct nl_sock *socket, const char *what) {
  struct nl_cache *cache = NULL;
  int error;
  if (!strcmp(what, "route")) error = rtnl_route_alloc_cache(socket, AF_INET, 0, &cache);
  else if (!strcmp(what, "link")) error = rtnl_link_alloc_cache(socket, AF_UNSPEC, &cache);
  else if (!strcmp(what, "neigh")) error = rtnl_neigh_alloc_cache(socket, &cache);
  else error = rtnl_addr_alloc_cache(socket, &cache);
  if (error >= 0) return cache;
  fprintf(stderr, "%s\n", nl_geterror(error));
  exit(1);
}

int main(int argc, char **argv) {
  struct nl_sock *socket = nl_socket_alloc();
  int count = 0;
  if (argc != 4 || strcmp(argv[1], "dump") || nl_connect(socket, NETLINK_ROUTE) < 0) return 2;
  for (int i = 0; i < atoi(argv[3]); i++) {
    double start = now();
    struct nl_cache *cache = fill(socket, argv[2]);
    printf("%s%.3f", i ? "," : "{\"ms\":[", now() - start);
    count = nl_cache_nitems(cache);
    nl_cache_free(cache);
  }
  printf("],\"count\":%d}\n", count);
  return 0;
}
