//! Connections: taken up to a limit, served with time limits, ended gracefully.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use futures_util::future::{Either, select};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::limits::LARGEST_HEAD;
use super::patience::Patient;
use super::routes::Desk;

/// How long to wait after an accept that failed for want of something, descriptors say.
const BREATH: Duration = Duration::from_millis(50);
/// What a connection reads ahead, in bytes.
const READ_AHEAD: usize = 64 * 1024;

/// Ends the connections of one registry.
pub(super) struct Stop {
    tell: watch::Sender<bool>,
    /// In a lock so that it can be shared; only the end takes it.
    ended: Mutex<mpsc::Receiver<Infallible>>,
}

impl Stop {
    /// Takes no new request, and waits until those in flight are answered, at most so long; tells whether they all were.
    pub(super) fn within(self, time: Duration) -> bool {
        // An error means that nobody listens any more, which is what is wanted.
        let _ = self.tell.send(true);
        let ended = self.ended.into_inner().unwrap_or_else(PoisonError::into_inner).recv_timeout(time);
        ended == Err(mpsc::RecvTimeoutError::Disconnected)
    }
}

/// Begins to serve what comes to a listener, which must not block.
pub(super) fn listen(
    runtime: &Handle,
    listener: std::net::TcpListener,
    tls: Option<TlsAcceptor>,
    desk: Arc<Desk>,
) -> io::Result<Stop> {
    let _inside = runtime.enter();
    let listener = TcpListener::from_std(listener)?;
    let (tell, told) = watch::channel(false);
    // Every task holds a sender; when the last is gone, the receiver sees the end.
    let (working, ended) = mpsc::channel();
    runtime.spawn(look_after(Arc::clone(&desk), told.clone(), working.clone()));
    runtime.spawn(accept(listener, tls, desk, told, working));
    Ok(Stop { tell, ended: Mutex::new(ended) })
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    desk: Arc<Desk>,
    mut told: watch::Receiver<bool>,
    working: mpsc::Sender<Infallible>,
) {
    let places = Arc::new(Semaphore::new(desk.limits.connections));
    loop {
        let stop = told.clone();
        let next = pin!(async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        });
        let told = pin!(wait(&mut told));
        let Either::Left(((place, accepted), _)) = select(next, told).await else { return };
        let Ok((stream, from)) = accepted else {
            tokio::time::sleep(BREATH).await;
            continue;
        };
        let (desk, tls, working) = (Arc::clone(&desk), tls.clone(), working.clone());
        tokio::spawn(async move {
            greet(stream, from, tls, desk, stop).await;
            drop((place, working));
        });
    }
}

/// Ends when the registry is to stop, or nobody can say so any more.
async fn wait(told: &mut watch::Receiver<bool>) {
    let _ = told.wait_for(|stop| *stop).await;
}

/// Takes care of what is over, from time to time, until the registry stops.
async fn look_after(desk: Arc<Desk>, mut told: watch::Receiver<bool>, working: mpsc::Sender<Infallible>) {
    loop {
        Arc::clone(&desk).round().await;
        let pause = pin!(tokio::time::sleep(desk.limits.round));
        if let Either::Right(_) = select(pause, pin!(wait(&mut told))).await {
            drop(working);
            return;
        }
    }
}

async fn greet(
    stream: TcpStream,
    from: SocketAddr,
    tls: Option<TlsAcceptor>,
    desk: Arc<Desk>,
    stop: watch::Receiver<bool>,
) {
    // Where it cannot be set, answers are slower and no less right.
    let _ = stream.set_nodelay(true);
    let stream = Patient::new(stream, desk.limits.silence);
    match tls {
        None => serve(stream, from, desk, stop).await,
        Some(tls) => {
            // A handshake that fails or takes too long concerns its client alone.
            if let Ok(Ok(stream)) = tokio::time::timeout(desk.limits.head, tls.accept(stream)).await {
                serve(stream, from, desk, stop).await;
            }
        }
    }
}

async fn serve<S>(stream: S, from: SocketAddr, desk: Arc<Desk>, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let head = desk.limits.head;
    let service = service_fn(move |request| {
        let desk = Arc::clone(&desk);
        async move { Ok::<_, Infallible>(desk.answer(request, from.ip()).await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head)
            .max_header_size(LARGEST_HEAD)
            .max_buf_size(READ_AHEAD)
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
