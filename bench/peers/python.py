"""pyroute2 as a peer; works and output as limit.c's."""
import json
import select
import socket
import sys
import time

from pyroute2 import IPRoute
from pyroute2.netlink.rtnl import RTMGRP_IPV4_ROUTE


def now():
    return time.perf_counter() * 1e3


def report(ms, **more):
    print(json.dumps(dict(ms=[round(x, 4) for x in ms], **more)), flush=True)


def dump(ipr, what, times):
    inet = socket.AF_INET
    work = dict(
        route=lambda: ipr.get_routes(family=inet), link=ipr.get_links,
        neigh=lambda: ipr.get_neighbours(family=inet), addr=lambda: ipr.get_addr(family=inet),
    )[what]
    ms = []
    for _ in range(times):
        start = now()
        count = len(list(work()))
        ms.append(now() - start)
    report(ms, count=count)


def get(ipr, by, times):
    index = ipr.link_lookup(ifname='a250')[0]
    how = dict(ifname='a250') if by == 'name' else dict(index=index)
    ms = []
    for _ in range(5):
        start = now()
        for _ in range(times):
            ipr.link('get', **how)
        ms.append((now() - start) / times)
    report(ms)


def routes(ipr, command, n):
    v0 = ipr.link_lookup(ifname='v0')[0]
    start = now()
    for i in range(n):
        ipr.route(command, dst='10.%d.%d.0/24' % (i >> 8, i & 255), gateway='192.168.0.2', oif=v0)
    return (now() - start) / n


def veths(ipr, n):
    ipr.link('add', ifname='br0', kind='bridge')
    master = ipr.link_lookup(ifname='br0')[0]
    ipr.link('set', index=master, state='up')
    start = now()
    for i in range(n):
        ipr.link('add', ifname='va%d' % i, kind='veth', peer=dict(ifname='vb%d' % i))
    indexes = [ipr.link('get', ifname='va%d' % i)[0]['index'] for i in range(n)]
    for index in indexes:
        ipr.link('set', index=index, master=master, state='up')
    create = now() - start
    start = now()
    for index in indexes:
        ipr.link('del', index=index)
    report([now() - start], create=create)
    ipr.link('del', index=master)


def listen(n, buffer, warm):
    ipr = IPRoute(rcvbuf=buffer) if buffer else IPRoute()
    ipr.bind(groups=RTMGRP_IPV4_ROUTE)
    print('READY', flush=True)
    got = overruns = first = last = 0
    while got < n and (got <= warm or select.select([ipr.fileno()], [], [], 0.5)[0]):
        try:
            events = ipr.get()
        except OSError:
            overruns += 1
            break
        last = now()
        if got <= warm:
            first = last
        got += len(events)
    report([last - first], got=got - warm, overruns=overruns)


def main(work, *words):
    with IPRoute() as ipr:
        if work == 'dump':
            dump(ipr, words[0], int(words[1]))
        elif work == 'get':
            get(ipr, words[0], int(words[1]))
        elif work == 'add':
            n = int(words[0])
            report([routes(ipr, 'add', n)], delete=routes(ipr, 'del', n))
        elif work == 'veth':
            veths(ipr, int(words[0]))
        elif work == 'listen':
            listen(int(words[0]), int(words[1]), int(words[2]))
        else:
            sys.exit(2)


main(*sys.argv[1:])
