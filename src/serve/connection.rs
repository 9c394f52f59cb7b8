//! Connections: taken up to a limit, served with time limits, ended gracefully.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use futures_util::future::{Either, select};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};

use super::routes::Desk;

/// Connections at once; further ones wait until one ends.
const MOST: usize = 512;
/// The largest head of a request, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// How long a client may take for the head of a request, the silence before it included.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long to wait after an accept that failed for want of something, descriptors say.
const BREATH: Duration = Duration::from_millis(50);

/// Ends the connections of one registry.
pub(super) struct Stop {
    tell: watch::Sender<bool>,
    /// In a lock so that it can be shared; only the end takes it.
    ended: Mutex<mpsc::Receiver<Infallible>>,
}

impl Stop {
    /// Takes no new request, and waits until those in flight are answered, at most so long.
    pub(super) fn within(self, time: Duration) {
        // An error means that nobody listens any more, which is what is wanted.
        let _ = self.tell.send(true);
        let _ = self.ended.into_inner().unwrap_or_else(PoisonError::into_inner).recv_timeout(time);
    }
}

/// Begins to serve what comes to a listener, which must not block.
pub(super) fn listen(runtime: &Handle, listener: std::net::TcpListener, desk: Arc<Desk>) -> io::Result<Stop> {
    let _inside = runtime.enter();
    let listener = TcpListener::from_std(listener)?;
    let (tell, told) = watch::channel(false);
    // Every task holds a sender; when the last is gone, the receiver sees the end.
    let (working, ended) = mpsc::channel();
    runtime.spawn(accept(listener, desk, told, working));
    Ok(Stop { tell, ended: Mutex::new(ended) })
}

async fn accept(
    listener: TcpListener,
    desk: Arc<Desk>,
    mut told: watch::Receiver<bool>,
    working: mpsc::Sender<Infallible>,
) {
    let places = Arc::new(Semaphore::new(MOST));
    loop {
        let stop = told.clone();
        let next = pin!(async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        });
        let told = pin!(wait(&mut told));
        let Either::Left(((place, accepted), _)) = select(next, told).await else { return };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let (desk, working) = (Arc::clone(&desk), working.clone());
        tokio::spawn(async move {
            serve(stream, desk, stop).await;
            drop((place, working));
        });
    }
}

/// Ends when the registry is to stop, or nobody can say so any more.
async fn wait(told: &mut watch::Receiver<bool>) {
    let _ = told.wait_for(|stop| *stop).await;
}

async fn serve(stream: TcpStream, desk: Arc<Desk>, mut stop: watch::Receiver<bool>) {
    // Where it cannot be set, answers are slower and no less right.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(desk.answer(request).await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TIME)
            .max_header_size(LARGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service)
    );
    let told = pin!(wait(&mut stop));
    // An error of a connection concerns its client alone, who has seen it.
    match select(connection.as_mut(), told).await {
        Either::Left(_) => {}
        Either::Right(_) => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
