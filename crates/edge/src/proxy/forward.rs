//! A request's way: checked, let in, sent, perhaps sent once more, and its answer passed on.

use std::sync::Arc;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderValue, SET_COOKIE, TRANSFER_ENCODING, UPGRADE};
use http::request::Parts;
use http::uri::{PathAndQuery, Uri};
use http::{Method, Request, Response, StatusCode, Version};
use hyper::body::{Body as _, Incoming};

use super::admit::{Admitted, Wish, admit, admit_elsewhere};
use super::answer::{Answer, Link, Stream};
use super::count::Kind;
use super::edge::Edge;
use super::failure::Failure;
use super::flight::Note;
use super::headers::{self, RELEASE};
use super::peer::Peer;
use super::send::{Lost, Sent, send};
use super::stats::{Class, one};
use super::upgrade::{self, Tunnel, Wanted};
use super::upload::Upload;
use super::upstream::Upstream;

/// Who asks, and of what; one per client connection.
#[derive(Debug)]
pub(super) struct Conn {
    pub(super) edge: Arc<Edge>,
    pub(super) peer: Peer,
}

/// Answers a request, whatever happens to it.
pub(super) async fn answer(conn: Arc<Conn>, request: Request<Incoming>) -> Response<Answer> {
    conn.peer.phase.busy();
    let mut response = match exchange(&conn, request).await {
        Ok(response) => response,
        Err((failure, mut note)) => {
            note.failed(failure);
            conn.edge.stats.failed(failure);
            failure.answer()
        }
    };
    if conn.peer.closing.announced() && response.status() != StatusCode::SWITCHING_PROTOCOLS {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response.body_mut().set_phase(conn.peer.phase.clone());
    response
}

/// A failure with the log's note, which says so.
type Failed = (Failure, Note);

async fn exchange(conn: &Conn, request: Request<Incoming>) -> Result<Response<Answer>, Failed> {
    let Conn { edge, peer } = conn;
    let settings = &edge.settings;
    let (mut head, body) = request.into_parts();
    let mut note = Note::new(edge, &head, peer);
    if let Err(failure) = check(&mut head, &body, settings.limits.body_bytes) {
        return Err((failure, note));
    }
    let mut wish = Wish::take(&mut head.headers, edge);
    let wanted = upgrade::take(&mut head);
    let protocol = wanted.as_ref().map(|wanted| wanted.protocol.clone());
    headers::outbound(&mut head.headers, peer, settings.trust_forwarded, settings.via.as_ref(), protocol);
    let body = Upload::new(body, settings.limits.body_bytes);
    if body.is_chunked() {
        head.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
    let request = Request::from_parts(head, body);
    let (admitted, sent) = match deliver(edge, &wish, request, &mut note).await {
        Ok(done) => done,
        Err(failure) => return Err((failure, note)),
    };
    let cookie = wish.seat.cookie.take();
    pass_on(conn, admitted, sent, wanted, note, cookie).await
}

/// What is refused before anything else, and what is put in order.
fn check(head: &mut Parts, body: &Incoming, limit: Option<u64>) -> Result<(), Failure> {
    if head.method == Method::CONNECT {
        return Err(Failure::NoTunnels);
    }
    if let Some(coding) = head.headers.get(TRANSFER_ENCODING) {
        if !coding.as_bytes().eq_ignore_ascii_case(b"chunked") {
            return Err(Failure::UnknownCoding);
        }
        head.headers.remove(CONTENT_LENGTH);
    }
    if limit.is_some_and(|limit| body.size_hint().lower() > limit) {
        return Err(Failure::BodyTooLarge);
    }
    if head.uri.authority().is_some() {
        into_origin_form(head)?;
    }
    let mut hosts = head.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next(), head.version) {
        (Some(_), None, _) => {}
        (None, _, Version::HTTP_10) => _ = head.headers.insert(HOST, HeaderValue::from_static("")),
        _ => return Err(Failure::BadRequest),
    }
    head.version = Version::HTTP_11;
    Ok(())
}

/// A request for `http://host/path` is one for `/path` at that host, whatever its `Host` says.
fn into_origin_form(head: &mut Parts) -> Result<(), Failure> {
    let parts = std::mem::take(&mut head.uri).into_parts();
    let host = parts.authority.as_ref().map(|authority| authority.host().len()).unwrap_or_default();
    let Some(authority) = parts.authority.filter(|_| host > 0) else { return Err(Failure::BadRequest) };
    let without_user = authority.as_str().rsplit('@').next().unwrap_or_default();
    let host = HeaderValue::from_str(without_user).map_err(|_| Failure::BadRequest)?;
    head.headers.insert(HOST, host);
    head.uri = Uri::from(parts.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/")));
    Ok(())
}

/// Sends a request, and once more elsewhere where that is safe.
async fn deliver(
    edge: &Arc<Edge>,
    wish: &Wish,
    request: Request<Upload>,
    note: &mut Note,
) -> Result<(Admitted, Sent), Failure> {
    let mut admitted = admit(edge, wish).await?;
    let lost = match attempt(edge, &mut admitted, request, note).await {
        Ok(sent) => return Ok((admitted, sent)),
        Err(lost) => lost,
    };
    let (Some(left), false) = (lost.request, admitted.pinned) else { return Err(lost.failure) };
    let tried = admitted.flight.instance.clone();
    drop(admitted);
    let mut admitted = admit_elsewhere(edge, wish, &tried).await.ok_or(lost.failure)?;
    one(&edge.stats.retries);
    note.retried();
    match attempt(edge, &mut admitted, *left, note).await {
        Ok(sent) => Ok((admitted, sent)),
        Err(lost) => Err(lost.failure),
    }
}

/// One try; a failed one counts against its slot at once.
async fn attempt(
    edge: &Edge,
    admitted: &mut Admitted,
    request: Request<Upload>,
    note: &mut Note,
) -> Result<Sent, Lost> {
    note.sent(&admitted.flight.instance, admitted.held, admitted.pinned);
    let sent = send(edge, &admitted.flight.instance, request).await;
    if let Err(lost) = &sent {
        let fault = if lost.failure.is_clients() { Class::Cancelled } else { Class::Error };
        admitted.flight.end(fault);
    }
    sent
}

/// Makes the client's answer of the instance's.
async fn pass_on(
    conn: &Conn,
    admitted: Admitted,
    sent: Sent,
    wanted: Option<Wanted>,
    mut note: Note,
    cookie: Option<HeaderValue>,
) -> Result<Response<Answer>, Failed> {
    let settings = &conn.edge.settings;
    let (mut head, body) = sent.response.into_parts();
    note.answered(head.status);
    // The version is each connection's own: a release that speaks HTTP/1.0 must not cost clients theirs.
    head.version = Version::HTTP_11;
    headers::inbound(&mut head.headers, settings.via.as_ref());
    if admitted.named {
        head.headers.insert(RELEASE, admitted.flight.instance.release.header.clone());
    }
    if let Some(cookie) = cookie {
        head.headers.append(SET_COOKIE, cookie);
    }
    if head.status == StatusCode::SWITCHING_PROTOCOLS {
        return switch(conn, admitted, sent.upstream, wanted, note, head).await;
    }
    let link = Link::new(sent.upstream, sent.upload.as_ref());
    let over = (admitted.flight, note);
    let stream = Stream::new(head.status, body, link, sent.upload, settings.timeouts.body_idle, over);
    match stream.into_answer().await {
        Ok(answer) => Ok(Response::from_parts(head, answer)),
        Err(note) => Err((Failure::Broken, note)),
    }
}

/// Both sides agreed to speak another protocol.
async fn switch(
    conn: &Conn,
    mut admitted: Admitted,
    upstream: Box<Upstream>,
    wanted: Option<Wanted>,
    note: Note,
    mut head: http::response::Parts,
) -> Result<Response<Answer>, Failed> {
    let (Some(wanted), Some((instance, early))) = (wanted, upstream.into_stream().await) else {
        // Nobody asked for it: the release broke the protocol.
        admitted.flight.end(Class::Error);
        return Err((Failure::Broken, note));
    };
    let mut flight = admitted.flight;
    flight.turn_into(Kind::Upgrade);
    flight.end(Class::Status(head.status));
    let tunnel = Tunnel {
        client: wanted.client,
        instance,
        early,
        note,
        open: conn.peer.closing.enter(),
        slot_closes: conn.edge.slots[flight.instance.slot].load.closing(),
        instance_closes: flight.instance.load.closing(),
        flight,
    };
    let edge = conn.edge.clone();
    tokio::spawn(async move {
        if tunnel.run().await {
            one(&edge.stats.upgrades_closed);
        }
    });
    head.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    head.headers.entry(UPGRADE).or_insert(wanted.protocol);
    Ok(Response::from_parts(head, Answer::empty()))
}
