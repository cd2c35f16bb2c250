// The npm package `netlink`, with its native addon, as a peer; works and output as limit.c's.
const { createRtNetlink } = require(process.env.NETLINK_PEER ?? 'netlink');

const now = () => performance.now();
const report = (ms, more = {}) => console.log(JSON.stringify({ ms, ...more }));
const prefix = (i) => Buffer.from([10 + (i >> 16), (i >> 8) & 255, i & 255, 0]);
const inet = { family: 2 };

const works = {
  async dump(netlink, what, times) {
    const list = {
      route: () => netlink.getRoutes(inet), link: () => netlink.getLinks(),
      neigh: () => netlink.getNeighbors(inet), addr: () => netlink.getAddresses(inet),
    }[what];
    const pass = async () => (await list()).length; // holds no list while the next is read, as ours.ts
    const ms = [];
    let count = 0;
    for (let i = 0; i < Number(times); i++) {
      const start = now();
      count = await pass();
      ms.push(now() - start);
    }
    report(ms, { count });
  },

  async get(netlink, by, times) {
    const [link] = await netlink.getLink({}, { ifname: 'a250' });
    const how = by === 'name' ? [{}, { ifname: 'a250' }] : [{ index: link.data.index }, {}];
    const ms = [];
    for (let round = 0; round < 7; round++) {
      const start = now();
      for (let i = 0; i < Number(times); i++) await netlink.getLink(...how);
      ms.push((now() - start) / Number(times));
    }
    report(ms);
  },

  async add(netlink, times) {
    const [{ data: { index: oif } }] = await netlink.getLink({}, { ifname: 'v0' });
    const gateway = Buffer.from([192, 168, 0, 2]);
    const head = { family: 2, dstLen: 24, table: 254, protocol: 'STATIC', scope: 'UNIVERSE', type: 'UNICAST' };
    const change = async (operation, flags) => {
      const start = now();
      for (let i = 0; i < Number(times); i++) {
        await netlink[operation](head, { dst: prefix(i), gateway, oif }, { flags });
      }
      return (now() - start) / Number(times);
    };
    const ms = [];
    let deleted = 0;
    for (let round = 0; round < 3; round++) {
      ms.push(await change('newRoute', 0x600));
      deleted = await change('delRoute', 0);
    }
    report(ms, { delete: deleted });
  },

  listen(_, n, buffer, warm) {
    const size = Number(buffer);
    const netlink = createRtNetlink({ ref: true, ...(size > 0 && { recvBufferSize: size }) });
    let got = 0, overruns = 0, first = 0, last = 0;
    const end = () => {
      report([last - first], { got: got - Number(warm), overruns });
      process.exit(0);
    };
    netlink.socket.on('error', () => { overruns++; last ||= now(); });
    netlink.addMembership('IPV4_ROUTE');
    netlink.on('message', (messages) => {
      last = now();
      if (got <= Number(warm)) first = last;
      got += messages.length;
      if (got >= Number(n)) end();
    });
    setInterval(() => { if ((got > Number(warm) || overruns > 0) && now() - last > 500) end(); }, 100);
    console.log('READY');
    return new Promise(() => {});
  },
};

const [work, ...words] = process.argv.slice(2);
works[work](createRtNetlink(), ...words).then(() => process.exit(0));
