// The Go library github.com/vishvananda/netlink as a peer; works and output as limit.c's.
package main

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"runtime"
	"strconv"
	"time"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func since(start time.Time) float64 { return float64(time.Since(start).Nanoseconds()) / 1e6 }

func report(ms []float64, more map[string]any) {
	line := map[string]any{"ms": ms}
	for key, value := range more {
		line[key] = value
	}
	text, err := json.Marshal(line)
	must(err)
	fmt.Println(string(text))
}

func address(ip uint32, length int) *net.IPNet {
	bytes := net.IPv4(byte(ip>>24), byte(ip>>16), byte(ip>>8), byte(ip)).To4()
	return &net.IPNet{IP: bytes, Mask: net.CIDRMask(length, 32)}
}

func dump(h *netlink.Handle, what string) int {
	switch what {
	case "route":
		list, err := h.RouteList(nil, netlink.FAMILY_V4)
		must(err)
		return len(list)
	case "link":
		list, err := h.LinkList()
		must(err)
		return len(list)
	case "neigh":
		list, err := h.NeighList(0, netlink.FAMILY_V4)
		must(err)
		return len(list)
	default:
		list, err := h.AddrList(nil, netlink.FAMILY_V4)
		must(err)
		return len(list)
	}
}

func get(h *netlink.Handle, by string, n int) {
	link, err := h.LinkByName("a250")
	must(err)
	for i := 0; i < n; i++ {
		if by == "name" {
			_, err = h.LinkByName("a250")
		} else {
			_, err = h.LinkByIndex(link.Attrs().Index)
		}
		must(err)
	}
}

func routes(h *netlink.Handle, n int, change func(*netlink.Route) error) float64 {
	link, err := h.LinkByName("v0")
	must(err)
	gateway := net.IPv4(192, 168, 0, 2)
	start := time.Now()
	for i := 0; i < n; i++ {
		must(change(&netlink.Route{Dst: address(0x0a000000+uint32(i)<<8, 24), Gw: gateway, LinkIndex: link.Attrs().Index}))
	}
	return since(start)
}

func bridge(h *netlink.Handle) *netlink.Bridge {
	it := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: "br0"}}
	must(h.LinkAdd(it))
	must(h.LinkSetUp(it))
	return it
}

func port(name string, master *netlink.Bridge) netlink.LinkAttrs {
	return netlink.LinkAttrs{Name: name, TxQLen: -1, MasterIndex: master.Attrs().Index, Flags: net.FlagUp}
}

func veths(h *netlink.Handle, n int) {
	master := bridge(h)
	pairs := make([]netlink.Link, n)
	start := time.Now()
	for i := range pairs {
		pairs[i] = &netlink.Veth{LinkAttrs: port(fmt.Sprintf("va%d", i), master), PeerName: fmt.Sprintf("vb%d", i)}
		must(h.LinkAdd(pairs[i]))
	}
	create := since(start)
	start = time.Now()
	for _, pair := range pairs {
		must(h.LinkDel(pair))
	}
	report([]float64{since(start)}, map[string]any{"create": create})
	must(h.LinkDel(master))
}

func wire(h *netlink.Handle, n int) {
	runtime.LockOSThread()
	here, err := netns.Get()
	must(err)
	master := bridge(h)
	containers, ms := make([]netns.NsHandle, n), make([]float64, n)
	for i := range containers {
		start := time.Now()
		containers[i], err = netns.New()
		must(err)
		must(netns.Set(here))
		attrs := port(fmt.Sprintf("veth%d", i), master)
		must(h.LinkAdd(&netlink.Veth{LinkAttrs: attrs, PeerName: "eth0", PeerNamespace: netlink.NsFd(int(containers[i]))}))
		inside, err := netlink.NewHandleAt(containers[i])
		must(err)
		link, err := inside.LinkByName("eth0")
		must(err)
		must(inside.LinkSetUp(link))
		must(inside.AddrAdd(link, &netlink.Addr{IPNet: address(0x0a0a0002+uint32(i), 16)}))
		must(inside.RouteAdd(&netlink.Route{Gw: net.IPv4(10, 10, 0, 1), LinkIndex: link.Attrs().Index}))
		inside.Delete()
		ms[i] = since(start)
	}
	report(ms, nil)
	for i := range containers {
		containers[i].Close()
	}
	for i := 0; i < 20000; i++ {
		if _, err := h.LinkByName(fmt.Sprintf("veth%d", n-1)); err != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	must(h.LinkDel(master))
}

func listen(n, warm int) {
	events, done := make(chan netlink.RouteUpdate, 65536), make(chan struct{})
	overruns, got := 0, 0
	options := netlink.RouteSubscribeOptions{ErrorCallback: func(error) { overruns++ }}
	must(netlink.RouteSubscribeWithOptions(events, done, options))
	fmt.Println("READY")
	var first, last time.Time
	for got < n {
		patience := 500 * time.Millisecond
		if got <= warm {
			patience = time.Minute
		}
		open := true
		select {
		case _, open = <-events:
		case <-time.After(patience):
			open = false
		}
		if !open {
			break
		}
		last = time.Now()
		if got <= warm {
			first = last
		}
		got++
	}
	report([]float64{float64(last.Sub(first).Nanoseconds()) / 1e6}, map[string]any{"got": got - warm, "overruns": overruns})
}

func main() {
	word := func(i int) string { return append(os.Args, "", "", "", "")[i] }
	number := func(i int) int { n, _ := strconv.Atoi(word(i)); return n }
	h, err := netlink.NewHandle()
	must(err)
	ms := []float64{}
	switch word(1) {
	case "dump":
		count := 0
		for i := 0; i < number(3); i++ {
			start := time.Now()
			count = dump(h, word(2))
			ms = append(ms, since(start))
		}
		report(ms, map[string]any{"count": count})
	case "get":
		for i := 0; i < 7; i++ {
			start := time.Now()
			get(h, word(2), number(3))
			ms = append(ms, since(start)/float64(number(3)))
		}
		report(ms, nil)
	case "add":
		n := number(2)
		add := routes(h, n, h.RouteAdd)
		report([]float64{add / float64(n)}, map[string]any{"delete": routes(h, n, h.RouteDel) / float64(n)})
	case "veth":
		veths(h, number(2))
	case "wire":
		wire(h, number(2))
	case "listen":
		listen(number(2), number(3))
	default:
		os.Exit(2)
	}
}
