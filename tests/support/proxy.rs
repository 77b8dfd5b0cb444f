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
    pub fn to(target: String) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a listener for tokio");
        let address = listener.local_addr().expect("an address");
        let (cut, watched) = watch::channel(false);
        // On a thread of its own: a desk that stops still needs its database while the test's thread waits for it.
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(listen(listener, target, watched));
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

async fn listen(listener: std::net::TcpListener, target: String, watched: watch::Receiver<bool>) {
    let listener = TcpListener::from_std(listener).expect("a listener");
    while let Ok((client, _)) = listener.accept().await {
        // While it is cut, a connection is taken and dropped: refused as by a server that is gone.
        if !*watched.borrow() {
            tokio::spawn(pass(client, target.clone(), watched.clone()));
        }
    }
}

async fn pass(mut client: TcpStream, target: String, mut watched: watch::Receiver<bool>) {
    let Ok(mut server) = TcpStream::connect(&target).await else {
        return;
    };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
        // The other half is gone when the test is over; what runs may run on.
        Ok(_) = watched.wait_for(|cut| *cut) => {}
    }
}
