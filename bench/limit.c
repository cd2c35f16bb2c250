/*
 * The limit: the work of the benchmark in plain C on raw sockets, nothing done that need not be.
 *
 *     cc -O2 -o limit limit.c
 *
 * To be run in a network namespace of its own, by what bench/run.ts says. Prints one line of JSON: times in
 * milliseconds, one per round, and counts.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what) { perror(what); exit(1); }

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }

static int open_socket(void) {
  struct sockaddr_nl us = { .nl_family = AF_NETLINK };
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (fd < 0 || bind(fd, (struct sockaddr *)&us, sizeof us)) fail("socket");
  return fd;
}

/* ---- requests: messages are laid one after the other into `out`, all sent at once ---- */

static char out[128 * 1024], in[64 * 1024];
static size_t used, current;
static uint32_t sequence;

static void *reserve(size_t size) {
  void *at = out + used;
  memset(at, 0, NLMSG_ALIGN(size));
  used += NLMSG_ALIGN(size);
  ((struct nlmsghdr *)(out + current))->nlmsg_len = used - current;
  return at;
}

static void *begin(int type, int flags, size_t fixed) {
  current = used;
  struct nlmsghdr *head = reserve(sizeof *head);
  head->nlmsg_type = type;
  head->nlmsg_flags = NLM_F_REQUEST | flags;
  head->nlmsg_seq = ++sequence;
  return reserve(fixed);
}

static void put(int type, const void *value, size_t size) {
  struct rtattr *attribute = reserve(RTA_LENGTH(size));
  attribute->rta_type = type;
  attribute->rta_len = RTA_LENGTH(size);
  if (size) memcpy(RTA_DATA(attribute), value, size);
}
static void put_u32(int type, uint32_t value) { put(type, &value, sizeof value); }
static void put_text(int type, const char *text) { put(type, text, strlen(text) + 1); }
static size_t open_nest(int type) { size_t at = used; put(type, NULL, 0); return at; }
static void close_nest(size_t at) { ((struct rtattr *)(out + at))->rta_len = used - at; }

static void send_out(int fd) {
  if (send(fd, out, used, 0) < 0) fail("send");
  used = 0;
}

/* Sends what was laid out and waits for the answer to the last of it; counts refusals of the others. */
static int refused;
static int talk(int fd) {
  uint32_t last = sequence;
  for (send_out(fd);;) {
    int size = recv(fd, in, sizeof in, 0);
    if (size < 0) fail("recv");
    for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) {
      if (m->nlmsg_type != NLMSG_ERROR) continue;
      int error = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
      if (m->nlmsg_seq == last) return error;
      if (error) refused++;
    }
  }
}
static void must(int error, const char *what) { if (error) { errno = error; fail(what); } }

#define NEW (NLM_F_CREATE | NLM_F_EXCL)

static void begin_link(int type, int flags, int index, int up) {
  struct ifinfomsg *link = begin(type, flags, sizeof *link);
  link->ifi_index = index;
  if (up) link->ifi_flags = link->ifi_change = IFF_UP;
}

struct pair { const char *name, *peer; int group, master, up, peer_namespace, peer_index; };

static void veth(struct pair p) {
  begin_link(RTM_NEWLINK, NEW | NLM_F_ACK, 0, p.up);
  put_text(IFLA_IFNAME, p.name);
  if (p.group) put_u32(IFLA_GROUP, p.group);
  if (p.master) put_u32(IFLA_MASTER, p.master);
  size_t info = open_nest(IFLA_LINKINFO);
  put_text(IFLA_INFO_KIND, "veth");
  size_t data = open_nest(IFLA_INFO_DATA), peer = open_nest(VETH_INFO_PEER);
  ((struct ifinfomsg *)reserve(sizeof(struct ifinfomsg)))->ifi_index = p.peer_index;
  put_text(IFLA_IFNAME, p.peer);
  if (p.group) put_u32(IFLA_GROUP, p.group);
  if (p.peer_namespace) put_u32(IFLA_NET_NS_FD, p.peer_namespace);
  close_nest(peer);
  close_nest(data);
  close_nest(info);
}

static int bridge(int fd, const char *name) {
  begin_link(RTM_NEWLINK, NEW | NLM_F_ACK, 0, 1);
  put_text(IFLA_IFNAME, name);
  size_t info = open_nest(IFLA_LINKINFO);
  put_text(IFLA_INFO_KIND, "bridge");
  close_nest(info);
  must(talk(fd), "bridge");
  return if_nametoindex(name);
}

static void link_request(int type, int index, int up) { begin_link(type, NLM_F_ACK, index, up); }

static void address(int flags, int index, uint32_t ip, int length) {
  struct ifaddrmsg *head = begin(RTM_NEWADDR, NEW | flags, sizeof *head);
  *head = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = length, .ifa_index = index };
  ip = htonl(ip);
  put(IFA_LOCAL, &ip, 4);
  put(IFA_ADDRESS, &ip, 4);
}

/* The i-th of our routes: 10.0.0.0/24 and on, by 192.168.0.2. */
static void route(int type, int flags, int i, int index) {
  struct rtmsg *head = begin(type, flags, sizeof *head);
  *head = (struct rtmsg){ .rtm_family = AF_INET, .rtm_dst_len = 24, .rtm_table = RT_TABLE_MAIN,
    .rtm_protocol = RTPROT_STATIC, .rtm_scope = RT_SCOPE_UNIVERSE, .rtm_type = RTN_UNICAST };
  uint32_t dst = htonl(0x0a000000u + ((uint32_t)i << 8)), gateway = htonl(0xc0a80002u);
  put(RTA_DST, &dst, 4);
  put(RTA_GATEWAY, &gateway, 4);
  put_u32(RTA_OIF, index);
}

/* Changes n routes: an answer for each, or one for every thousand. */
static void routes(int fd, int add, int n, int packed) {
  int type = add ? RTM_NEWROUTE : RTM_DELROUTE, flags = add ? NEW : 0, index = if_nametoindex("v0");
  for (int i = 0; i < n; i++) {
    int last = !packed || i % 1000 == 999 || i == n - 1;
    route(type, flags | (last ? NLM_F_ACK : 0), i, index);
    if (last && talk(fd)) refused++;
  }
}

/* ---- answers: each message becomes a struct in an array that grows ---- */

struct route {
  uint8_t family, dst_length, table8, protocol, scope, type;
  uint32_t flags, table, dst, gateway, oif, priority, prefsrc;
};
struct link {
  int index;
  uint32_t flags, mtu, tx_queue_length, group, master, link, tx_queues, rx_queues, promiscuity, carrier_changes;
  uint32_t gso_size, gso_segments, gro_size, tso_size, tso_segments, min_mtu, max_mtu, allmulti, up_count, down_count;
  uint16_t type, kind_data, family_data;
  uint8_t state, mode, carrier, protocol_down, address_length, address[32], broadcast[32];
  char name[IFNAMSIZ], qdisc[16], kind[16];
  struct rtnl_link_stats64 stats;
  struct rtnl_link_ifmap map;
};
struct neigh {
  int index;
  uint16_t state;
  uint8_t flags, type, mac_length, mac[32];
  uint32_t dst, probes;
  struct nda_cacheinfo cache;
};
struct addr {
  int index;
  uint8_t length, scope;
  uint32_t flags, local, address, broadcast;
  char label[IFNAMSIZ];
  struct ifa_cacheinfo cache;
};
struct texts { char first[INET_ADDRSTRLEN], second[INET_ADDRSTRLEN], third[INET_ADDRSTRLEN]; };

static void *made, *strings;
static size_t count, room, words, word_room;

static void *grow(void **array, size_t n, size_t *capacity, size_t size) {
  if (n == *capacity) {
    *capacity = n ? 2 * n : 1024;
    if (!(*array = realloc(*array, *capacity * size))) fail("realloc");
  }
  return memset((char *)*array + n * size, 0, size);
}
static void *next(size_t size) { void *it = grow(&made, count, &room, size); count++; return it; }

static void text(char *into, uint32_t ip) { if (ip) inet_ntop(AF_INET, &ip, into, INET_ADDRSTRLEN); }
static void write_out(uint32_t first, uint32_t second, uint32_t third) {
  struct texts *t = grow(&strings, words, &word_room, sizeof *t);
  words++;
  text(t->first, first);
  text(t->second, second);
  text(t->third, third);
}

#define SIZE RTA_PAYLOAD(a)
#define U32 (*(uint32_t *)RTA_DATA(a))
#define U8 (*(uint8_t *)RTA_DATA(a))
#define COPY(to) memcpy(&(to), RTA_DATA(a), SIZE < sizeof(to) ? SIZE : sizeof(to))
#define EACH(m, head) int rest = (m)->nlmsg_len - NLMSG_SPACE(sizeof *(head)); \
  for (struct rtattr *a = (void *)((char *)(head) + NLMSG_ALIGN(sizeof *(head))); RTA_OK(a, rest); \
    a = RTA_NEXT(a, rest)) \
    switch (a->rta_type & NLA_TYPE_MASK)

static void read_route(struct nlmsghdr *m, int texts) {
  struct rtmsg *h = NLMSG_DATA(m);
  struct route *r = next(sizeof *r);
  r->family = h->rtm_family, r->dst_length = h->rtm_dst_len, r->table8 = h->rtm_table, r->protocol = h->rtm_protocol;
  r->scope = h->rtm_scope, r->type = h->rtm_type, r->flags = h->rtm_flags;
  EACH(m, h) {
    case RTA_TABLE: r->table = U32; break;
    case RTA_DST: r->dst = U32; break;
    case RTA_GATEWAY: r->gateway = U32; break;
    case RTA_OIF: r->oif = U32; break;
    case RTA_PRIORITY: r->priority = U32; break;
    case RTA_PREFSRC: r->prefsrc = U32; break;
  }
  if (texts) write_out(r->dst, r->gateway, r->prefsrc);
}

static void read_link(struct nlmsghdr *m) {
  struct ifinfomsg *h = NLMSG_DATA(m);
  struct link *l = next(sizeof *l);
  l->index = h->ifi_index, l->type = h->ifi_type, l->flags = h->ifi_flags;
  EACH(m, h) {
    case IFLA_IFNAME: COPY(l->name); break;
    case IFLA_QDISC: COPY(l->qdisc); break;
    case IFLA_ADDRESS: l->address_length = SIZE; COPY(l->address); break;
    case IFLA_BROADCAST: COPY(l->broadcast); break;
    case IFLA_MTU: l->mtu = U32; break;
    case IFLA_MIN_MTU: l->min_mtu = U32; break;
    case IFLA_MAX_MTU: l->max_mtu = U32; break;
    case IFLA_TXQLEN: l->tx_queue_length = U32; break;
    case IFLA_NUM_TX_QUEUES: l->tx_queues = U32; break;
    case IFLA_NUM_RX_QUEUES: l->rx_queues = U32; break;
    case IFLA_GROUP: l->group = U32; break;
    case IFLA_MASTER: l->master = U32; break;
    case IFLA_LINK: l->link = U32; break;
    case IFLA_PROMISCUITY: l->promiscuity = U32; break;
    case IFLA_ALLMULTI: l->allmulti = U32; break;
    case IFLA_GSO_MAX_SIZE: l->gso_size = U32; break;
    case IFLA_GSO_MAX_SEGS: l->gso_segments = U32; break;
    case IFLA_GRO_MAX_SIZE: l->gro_size = U32; break;
    case IFLA_TSO_MAX_SIZE: l->tso_size = U32; break;
    case IFLA_TSO_MAX_SEGS: l->tso_segments = U32; break;
    case IFLA_CARRIER_CHANGES: l->carrier_changes = U32; break;
    case IFLA_CARRIER_UP_COUNT: l->up_count = U32; break;
    case IFLA_CARRIER_DOWN_COUNT: l->down_count = U32; break;
    case IFLA_OPERSTATE: l->state = U8; break;
    case IFLA_LINKMODE: l->mode = U8; break;
    case IFLA_CARRIER: l->carrier = U8; break;
    case IFLA_PROTO_DOWN: l->protocol_down = U8; break;
    case IFLA_STATS64: COPY(l->stats); break;
    case IFLA_MAP: COPY(l->map); break;
    case IFLA_AF_SPEC: l->family_data = SIZE; break;
    case IFLA_LINKINFO: {
      struct rtattr *info = RTA_DATA(a);
      for (int left = SIZE; RTA_OK(info, left); info = RTA_NEXT(info, left)) {
        struct rtattr *a = info;
        if (a->rta_type == IFLA_INFO_KIND) COPY(l->kind);
        else if ((a->rta_type & NLA_TYPE_MASK) == IFLA_INFO_DATA) l->kind_data = SIZE;
      }
    }
  }
}

static void read_neigh(struct nlmsghdr *m, int texts) {
  struct ndmsg *h = NLMSG_DATA(m);
  struct neigh *n = next(sizeof *n);
  n->index = h->ndm_ifindex, n->state = h->ndm_state, n->flags = h->ndm_flags, n->type = h->ndm_type;
  EACH(m, h) {
    case NDA_DST: n->dst = U32; break;
    case NDA_LLADDR: n->mac_length = SIZE; COPY(n->mac); break;
    case NDA_PROBES: n->probes = U32; break;
    case NDA_CACHEINFO: COPY(n->cache); break;
  }
  if (texts) write_out(n->dst, 0, 0);
}

static void read_addr(struct nlmsghdr *m, int texts) {
  struct ifaddrmsg *h = NLMSG_DATA(m);
  struct addr *d = next(sizeof *d);
  d->index = h->ifa_index, d->length = h->ifa_prefixlen, d->scope = h->ifa_scope;
  EACH(m, h) {
    case IFA_LOCAL: d->local = U32; break;
    case IFA_ADDRESS: d->address = U32; break;
    case IFA_BROADCAST: d->broadcast = U32; break;
    case IFA_LABEL: COPY(d->label); break;
    case IFA_FLAGS: d->flags = U32; break;
    case IFA_CACHEINFO: COPY(d->cache); break;
  }
  if (texts) write_out(d->local, d->address, d->broadcast);
}

/* ---- the work ---- */

/* `depth` is recv, structs or text. What recv alone gives is not looked at but for the end. */
static void dump(int fd, const char *what, const char *depth) {
  int texts = is(depth, "text"), only_receive = is(depth, "recv");
  count = words = 0;
  uint8_t *family = NULL; /* the first byte of every fixed header */
  if (is(what, "link")) begin_link(RTM_GETLINK, NLM_F_DUMP, 0, 0), put_u32(IFLA_EXT_MASK, RTEXT_FILTER_VF);
  else if (is(what, "route")) family = begin(RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
  else if (is(what, "neigh")) family = begin(RTM_GETNEIGH, NLM_F_DUMP, sizeof(struct ndmsg));
  else family = begin(RTM_GETADDR, NLM_F_DUMP, sizeof(struct ifaddrmsg));
  if (family) *family = AF_INET;
  for (send_out(fd);;) {
    int size = recv(fd, in, sizeof in, 0), type = ((struct nlmsghdr *)in)->nlmsg_type;
    if (size < 0 || type == NLMSG_ERROR) fail("dump");
    if (only_receive) {
      struct nlmsghdr *end = (void *)(in + size - NLMSG_LENGTH(sizeof(int))); /* DONE ends the last datagram */
      if (end->nlmsg_type == NLMSG_DONE && end->nlmsg_len == NLMSG_LENGTH(sizeof(int))) return;
      continue;
    }
    for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) switch (m->nlmsg_type) {
      case NLMSG_DONE: return;
      case RTM_NEWROUTE: read_route(m, texts); break;
      case RTM_NEWLINK: read_link(m); break;
      case RTM_NEWNEIGH: read_neigh(m, texts); break;
      case RTM_NEWADDR: read_addr(m, texts); break;
    }
  }
}

static void get_links(int fd, const char *by, int times) {
  int index = if_nametoindex("a250");
  for (int i = 0; i < times; i++) {
    begin_link(RTM_GETLINK, 0, is(by, "index") ? index : 0, 0);
    if (is(by, "name")) put_text(IFLA_IFNAME, "a250");
    put_u32(IFLA_EXT_MASK, RTEXT_FILTER_VF);
    send_out(fd);
    if (recv(fd, in, sizeof in, 0) < 0) fail("recv");
    count = 0;
    read_link((struct nlmsghdr *)in);
    if (((struct link *)made)->index != index) fail("another link");
  }
}

static void setup(int fd, int n_routes, int n_neighs, int n_addrs, int n_pairs) {
  char a[IFNAMSIZ], b[IFNAMSIZ];
  veth((struct pair){ .name = "v0", .peer = "v1" });
  must(talk(fd), "v0");
  int v0 = if_nametoindex("v0"), v1 = if_nametoindex("v1");
  link_request(RTM_NEWLINK, if_nametoindex("lo"), 1);
  link_request(RTM_NEWLINK, v0, 1);
  link_request(RTM_NEWLINK, v1, 1);
  address(NLM_F_ACK, v0, 0xc0a80001, 24);
  must(talk(fd), "v0's address");
  routes(fd, 1, n_routes, 1);
  for (int i = 0; i < n_neighs; i++) {
    struct ndmsg *head = begin(RTM_NEWNEIGH, NEW | NLM_F_ACK, sizeof *head);
    *head = (struct ndmsg){ .ndm_family = AF_INET, .ndm_ifindex = v0, .ndm_state = NUD_PERMANENT };
    uint32_t ip = htonl(0x0b000000u + i);
    uint8_t mac[6] = { 2, 0, 0, i >> 16, i >> 8, i };
    put(NDA_DST, &ip, 4);
    put(NDA_LLADDR, mac, 6);
    if (talk(fd)) refused++;
  }
  for (int i = 0; i < n_addrs; i++) {
    address(NLM_F_ACK, v1, 0x0c000000u + i, 32);
    if (talk(fd)) refused++;
  }
  for (int i = 0; i < n_pairs; i++) {
    snprintf(a, sizeof a, "a%d", i), snprintf(b, sizeof b, "b%d", i);
    veth((struct pair){ .name = a, .peer = b });
    if (talk(fd)) refused++;
  }
}

/* n veth pairs into a bridge and away again, by single requests or by one for each pair and one for all. */
static void veths(int fd, int n, int by_group, double *create, double *delete) {
  char a[IFNAMSIZ], b[IFNAMSIZ];
  int master = bridge(fd, "br0");
  double start = now();
  for (int i = 0; i < n; i++) {
    snprintf(a, sizeof a, "va%d", i), snprintf(b, sizeof b, "vb%d", i);
    struct pair p = { .name = a, .peer = b };
    if (by_group) p.group = 77, p.master = master, p.up = 1;
    veth(p);
    must(talk(fd), a);
    if (by_group) continue;
    begin_link(RTM_NEWLINK, NLM_F_ACK, 0, 1);
    put_text(IFLA_IFNAME, a);
    put_u32(IFLA_MASTER, master);
    must(talk(fd), a);
  }
  *create = now() - start;
  start = now();
  for (int i = 0; i < (by_group ? 1 : n); i++) {
    snprintf(a, sizeof a, "va%d", i);
    link_request(RTM_DELLINK, 0, 0);
    if (by_group) put_u32(IFLA_GROUP, 77); else put_text(IFLA_IFNAME, a);
    must(talk(fd), "delete");
  }
  *delete = now() - start;
  link_request(RTM_DELLINK, master, 0);
  must(talk(fd), "br0");
}

static int own_namespace(void) {
  int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (fd < 0) fail("namespace");
  return fd;
}

/* n containers: a new namespace, one end of a veth pair in it with address and default route, the other in a bridge. */
static void wire(int fd, int n, double *ms) {
  char name[IFNAMSIZ];
  int here = own_namespace(), master = bridge(fd, "br0"), *containers = calloc(n, sizeof *containers);
  for (int i = 0; i < n; i++) {
    double start = now();
    if (unshare(CLONE_NEWNET)) fail("unshare");
    containers[i] = own_namespace();
    int inside = open_socket();
    if (setns(here, CLONE_NEWNET)) fail("setns");
    snprintf(name, sizeof name, "veth%d", i);
    struct pair p = { .name = name, .peer = "eth0", .master = master, .up = 1, .peer_index = 2 };
    p.peer_namespace = containers[i];
    veth(p);
    must(talk(fd), name);
    link_request(RTM_NEWLINK, 2, 1);
    address(0, 2, 0x0a0a0002u + i, 16);
    struct rtmsg *head = begin(RTM_NEWROUTE, NEW | NLM_F_ACK, sizeof *head);
    *head = (struct rtmsg){ .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_BOOT,
      .rtm_type = RTN_UNICAST };
    uint32_t gateway = htonl(0x0a0a0001u);
    put(RTA_GATEWAY, &gateway, 4);
    must(talk(inside), "inside");
    close(inside);
    ms[i] = now() - start;
  }
  for (int i = 0; i < n; i++) close(containers[i]);
  for (int i = 0; i < 20000 && if_nametoindex(name); i++) usleep(1000); /* namespaces go in their own time */
  link_request(RTM_DELLINK, master, 0);
  must(talk(fd), "br0");
}

/* Counts n route events; half a second of silence ends it. */
static double listen_routes(int n, int buffer, int warm, int *got, int *overruns) {
  int fd = open_socket(), group = RTNLGRP_IPV4_ROUTE;
  struct timeval patience = { .tv_usec = 500000 };
  if (buffer && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer))
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group)) fail("membership");
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  puts("READY");
  fflush(stdout);
  double first = 0, last = 0;
  while (*got < n) {
    int size = recv(fd, in, sizeof in, 0);
    if (size < 0 && errno == ENOBUFS) { ++*overruns; continue; }
    if (size < 0 && *got > warm) break;
    if (size < 0) continue;
    if (*got <= warm) first = now();
    for (struct nlmsghdr *m = (void *)in; NLMSG_OK(m, size); m = NLMSG_NEXT(m, size)) {
      count = words = 0;
      read_route(m, 1);
      ++*got;
    }
    last = now();
  }
  return last - first;
}

/* Microseconds for a page of memory that is touched for the first time, with all that is below the kernel. */
static double touch(void) {
  size_t size = 32 << 20, page = sysconf(_SC_PAGESIZE);
  char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) fail("mmap");
  madvise(memory, size, MADV_NOHUGEPAGE);
  double start = now();
  for (size_t i = 0; i < size; i += page) memory[i] = 1;
  double took = (now() - start) * 1e3 / (size / page);
  munmap(memory, size);
  return took;
}

/* Runs a program and tells, as the last line on stderr, what it took: milliseconds, and KiB at its peak. */
static int measure(char **command) {
  struct rusage use;
  int status;
  double start = now();
  pid_t child = vfork();
  if (child == 0) { execvp(command[0], command); _exit(127); }
  if (wait4(child, &status, 0, &use) < 0) fail("wait4");
  double wall = now() - start;
  double user = use.ru_utime.tv_sec * 1e3 + use.ru_utime.tv_usec / 1e3;
  double system = use.ru_stime.tv_sec * 1e3 + use.ru_stime.tv_usec / 1e3;
  fprintf(stderr, "\n{\"wall\":%.3f,\"user\":%.3f,\"system\":%.3f,\"peak\":%ld}\n", wall, user, system, use.ru_maxrss);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void print_times(const double *ms, int n) {
  for (int i = 0; i < n; i++) printf("%s%.4f", i ? "," : "{\"ms\":[", ms[i]);
}

int main(int argc, char **argv) {
  const char *work = argc > 1 ? argv[1] : "", *how = argc > 2 ? argv[2] : "";
  int arguments[6] = { 0 };
  for (int i = 2; i < argc && i < 8; i++) arguments[i - 2] = atoi(argv[i]);
  if (is(work, "measure") && argc > 2) return measure(argv + 2);
  if (is(work, "touch")) return printf("%.2f\n", touch()) < 0;
  double ms[1000];
  int fd = open_socket(), n = arguments[1];
  if (is(work, "setup")) {
    setup(fd, arguments[0], arguments[1], arguments[2], arguments[3]);
    printf("{\"refused\":%d}\n", refused);
  } else if (is(work, "dump")) {
    int rounds = arguments[2];
    for (int i = 0; i < rounds; i++) { double start = now(); dump(fd, how, argv[3]); ms[i] = now() - start; }
    print_times(ms, rounds);
    printf("],\"count\":%zu}\n", count);
  } else if (is(work, "get")) {
    for (int i = 0; i < 7; i++) { double start = now(); get_links(fd, how, n); ms[i] = (now() - start) / n; }
    print_times(ms, 7);
    puts("]}");
  } else if (is(work, "add")) {
    double delete = 0;
    for (int i = 0; i < 3; i++) {
      double start = now();
      routes(fd, 1, n, is(how, "packed"));
      ms[i] = (now() - start) / n;
      start = now();
      routes(fd, 0, n, is(how, "packed"));
      delete = (now() - start) / n;
    }
    print_times(ms, 3);
    printf("],\"delete\":%.5f,\"refused\":%d}\n", delete, refused);
  } else if (is(work, "veth")) {
    double delete;
    veths(fd, n, is(how, "group"), ms, &delete);
    print_times(&delete, 1);
    printf("],\"create\":%.3f}\n", ms[0]);
  } else if (is(work, "wire")) {
    wire(fd, arguments[0], ms);
    print_times(ms, arguments[0]);
    puts("]}");
  } else if (is(work, "listen")) {
    int got = 0, overruns = 0;
    ms[0] = listen_routes(arguments[0], arguments[1], arguments[2], &got, &overruns);
    print_times(ms, 1);
    printf("],\"got\":%d,\"overruns\":%d}\n", got - arguments[2], overruns);
  } else if (is(work, "produce")) {
    double start = now();
    routes(fd, !is(how, "delete"), n, 1);
    ms[0] = now() - start;
    print_times(ms, 1);
    printf("],\"refused\":%d}\n", refused);
  } else {
    fprintf(stderr, "unknown work: %s\n", work);
    return 2;
  }
  return 0;
}
