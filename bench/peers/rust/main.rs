// Rust's rtnetlink as a peer, and its packets over a plain socket; works and output as limit.c's.
use futures::stream::TryStreamExt;
use netlink_packet_core::{NetlinkHeader, NetlinkMessage, NetlinkPayload, NLM_F_DUMP, NLM_F_REQUEST};
use netlink_packet_route::{RouteMessage, RtnlMessage, AF_INET};
use netlink_sys::{protocols::NETLINK_ROUTE, Socket, SocketAddr};
use rtnetlink::{Handle, IpVersion};
use std::net::Ipv4Addr;
use std::time::Instant;

fn report(ms: &[f64], more: &str) {
    let times: Vec<String> = ms.iter().map(|t| format!("{:.4}", t)).collect();
    println!("{{\"ms\":[{}]{}}}", times.join(","), more);
}

fn since(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

async fn dump(handle: &Handle, what: &str) -> usize {
    match what {
        "route" => handle.route().get(IpVersion::V4).execute().try_collect::<Vec<_>>().await.unwrap().len(),
        "link" => handle.link().get().execute().try_collect::<Vec<_>>().await.unwrap().len(),
        "addr" => handle.address().get().execute().try_collect::<Vec<_>>().await.unwrap().len(),
        _ => handle.neighbours().get().execute().try_collect::<Vec<_>>().await.unwrap().len(),
    }
}

fn dump_routes_blocking() -> usize {
    let mut socket = Socket::new(NETLINK_ROUTE).unwrap();
    socket.bind_auto().unwrap();
    socket.connect(&SocketAddr::new(0, 0)).unwrap();
    let mut body = RouteMessage::default();
    body.header.address_family = AF_INET as u8;
    let mut request = NetlinkMessage {
        header: NetlinkHeader { flags: NLM_F_DUMP | NLM_F_REQUEST, ..Default::default() },
        payload: NetlinkPayload::from(RtnlMessage::GetRoute(body)),
    };
    request.finalize();
    let mut bytes = vec![0; request.header.length as usize];
    request.serialize(&mut bytes);
    socket.send(&bytes, 0).unwrap();
    let mut received: Vec<u8> = Vec::with_capacity(65536);
    let mut routes = vec![];
    loop {
        received.clear();
        let size = socket.recv(&mut received, 0).unwrap();
        let mut at = 0;
        while at < size {
            let message = NetlinkMessage::<RtnlMessage>::deserialize(&received[at..size]).unwrap();
            at += (message.header.length as usize + 3) & !3;
            match message.payload {
                NetlinkPayload::InnerMessage(RtnlMessage::NewRoute(route)) => routes.push(route),
                NetlinkPayload::Done => return routes.len(),
                _ => {}
            }
        }
    }
}

async fn get(handle: &Handle, by: &str, index: u32) {
    let all = handle.link().get();
    let request = if by == "name" { all.match_name("a250".into()) } else { all.match_index(index) };
    request.execute().try_next().await.unwrap().unwrap();
}

async fn index_of(handle: &Handle, name: &str) -> u32 {
    handle.link().get().match_name(name.into()).execute().try_next().await.unwrap().unwrap().header.index
}

fn prefix(i: u32) -> Ipv4Addr {
    Ipv4Addr::from(0x0a00_0000 + (i << 8))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let word = |i: usize| words.get(i).map(String::as_str).unwrap_or("");
    let number = |i: usize| word(i).parse::<u32>().unwrap();
    let (connection, handle, _) = rtnetlink::new_connection().unwrap();
    tokio::spawn(connection);
    let mut ms = vec![];
    match word(1) {
        "dump" | "blocking" => {
            let mut count = 0;
            for _ in 0..number(3) {
                let start = Instant::now();
                count = if word(1) == "dump" { dump(&handle, word(2)).await } else { dump_routes_blocking() };
                ms.push(since(start));
            }
            report(&ms, &format!(",\"count\":{}", count));
        }
        "get" => {
            let index = index_of(&handle, "a250").await;
            for _ in 0..7 {
                let start = Instant::now();
                for _ in 0..number(3) {
                    get(&handle, word(2), index).await;
                }
                ms.push(since(start) / number(3) as f64);
            }
            report(&ms, "");
        }
        "add" => {
            let v0 = index_of(&handle, "v0").await;
            let route = |i| {
                let new = handle.route().add().v4().destination_prefix(prefix(i), 24);
                new.gateway(Ipv4Addr::new(192, 168, 0, 2)).output_interface(v0)
            };
            let start = Instant::now();
            for i in 0..number(2) {
                route(i).execute().await.unwrap();
            }
            let add = since(start) / number(2) as f64;
            let start = Instant::now();
            for i in 0..number(2) {
                handle.route().del(route(i).message_mut().clone()).execute().await.unwrap();
            }
            report(&[add], &format!(",\"delete\":{:.5}", since(start) / number(2) as f64));
        }
        _ => std::process::exit(2),
    }
}
