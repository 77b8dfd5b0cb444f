//! A way between the desk and its database that can be cut on command.

use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Passes bytes to another address until it is cut.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    cut: watch::Sender<bool>,
}

impl Proxy {
    /// A way to this address.
    pub async fn to(target: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (cut, watched) = watch::channel(false);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // While it is cut, a connection is taken and dropped: refused as by a server that is gone.
                if !*watched.borrow() {
                    tokio::spawn(pass(client, target.clone(), watched.clone()));
                }
            }
        });
        Self { address, cut }
    }

    /// Drops every connection and refuses new ones.
    pub fn cuts(&self) {
        self.cut.send_replace(true);
    }

    /// Lets connections through again.
    pub fn mends(&self) {
        self.cut.send_replace(false);
    }
}

async fn pass(mut client: TcpStream, target: String, mut watched: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(&target).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        _ = watched.wait_for(|cut| *cut) => {}
    }
}
