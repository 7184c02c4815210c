//! A way to a server that can be cut at the worst moment.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// When the way is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    Never,
    /// When a commit is asked for: it does not arrive.
    BeforeCommit,
    /// When a commit was made: the answer does not arrive.
    AfterCommit,
    /// As before, and nobody comes through any more.
    ForGood,
}

const CUTS: [Cut; 4] = [Cut::Never, Cut::BeforeCommit, Cut::AfterCommit, Cut::ForGood];

/// Passes on what is said to a server, and what it says.
pub struct Proxy {
    pub address: SocketAddr,
    cut: Arc<AtomicUsize>,
}

impl Proxy {
    pub fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, cut) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let order = cut.clone();
        std::thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if order.load(Ordering::SeqCst) == Cut::ForGood as usize + 10 {
                    continue;
                }
                let Ok(to) = TcpStream::connect(&server) else { continue };
                let order = order.clone();
                std::thread::spawn(move || pass(client, to, &order));
            }
        });
        Self { address, cut }
    }

    /// Cuts the way at the next occasion.
    pub fn cut(&self, cut: Cut) {
        self.cut.store(CUTS.iter().position(|it| *it == cut).unwrap(), Ordering::SeqCst);
    }
}

/// Asked for as a statement, and answered as what was done.
fn says_commit(bytes: &[u8]) -> bool {
    bytes.windows(7).any(|word| word == b"COMMIT\0")
}

fn pass(client: TcpStream, server: TcpStream, order: &Arc<AtomicUsize>) {
    let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let (back_from, back_to, answers) = (server, client, order.clone());
    // Set while the answer to a commit is on its way and is not to arrive.
    let silent = Arc::new(AtomicUsize::new(0));
    let hushed = silent.clone();
    std::thread::spawn(move || {
        let (mut back_from, mut back_to) = (back_from, back_to);
        let mut bytes = [0; 65_536];
        while let Ok(count @ 1..) = back_from.read(&mut bytes) {
            if hushed.load(Ordering::SeqCst) == 1 {
                if !says_commit(&bytes[..count]) {
                    continue;
                }
                // The server has answered: it is done.
                let gone = answers.load(Ordering::SeqCst) == Cut::ForGood as usize;
                answers.store(if gone { Cut::ForGood as usize + 10 } else { 0 }, Ordering::SeqCst);
                break;
            }
            if back_to.write_all(&bytes[..count]).is_err() {
                break;
            }
        }
        drop(back_to.shutdown(Shutdown::Both));
        drop(back_from.shutdown(Shutdown::Both));
    });
    let mut bytes = [0; 65_536];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let is_commit = says_commit(&bytes[..count]);
        match CUTS.get(order.load(Ordering::SeqCst)) {
            Some(Cut::BeforeCommit) if is_commit => {
                order.store(0, Ordering::SeqCst);
                break;
            }
            Some(Cut::AfterCommit | Cut::ForGood) if is_commit => silent.store(1, Ordering::SeqCst),
            _ => {}
        }
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    drop(from.shutdown(Shutdown::Both));
    drop(to.shutdown(Shutdown::Both));
}
