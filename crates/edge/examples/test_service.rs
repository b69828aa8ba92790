//! A release for the tests: an HTTP server on `$PORT` that behaves as its first argument says.
//!
//! `good` answers 200 everywhere, also with its own process id; `never-ready` answers 500 on `/ready`;
//! `exit CODE` says something and ends at once; `wrong-port` listens on another port than it was given;
//! `on-demand` is unready (503) while the file `unready` exists in the folder it runs in;
//! `stubborn` ignores SIGTERM. `/stream` answers with its name and then does not end; `/slow` takes its time.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().unwrap_or_else(|| "good".to_owned());
    if mode == "exit" {
        say("something went wrong\nand this is why\n")?;
        let code = arguments.next().and_then(|code| code.parse().ok()).unwrap_or(1);
        std::process::exit(code);
    }
    if mode == "stubborn" {
        ignore_termination();
    }
    let port = if mode == "wrong-port" { 0 } else { given_port() };
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    say(&format!("listening on {}\n", listener.local_addr()?))?;
    for stream in listener.incoming() {
        let (mode, stream) = (mode.clone(), stream?);
        thread::spawn(move || converse(stream, &mode));
    }
    Ok(())
}

fn given_port() -> u16 {
    std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(0)
}

fn say(text: &str) -> io::Result<()> {
    io::stdout().write_all(text.as_bytes())?;
    io::stdout().flush()
}

/// Requests of one connection, one after the other; none has a body.
fn converse(mut stream: TcpStream, mode: &str) -> io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0; 1];
    while stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
        if head.ends_with(b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&head).into_owned();
            let path = text.split(' ').nth(1).unwrap_or("/");
            if path == "/stream" {
                return stream_for_ever(stream);
            }
            if path == "/slow" {
                thread::sleep(Duration::from_millis(30));
            }
            answer(&mut stream, path, mode)?;
            if text.to_ascii_lowercase().contains("connection: close") {
                break;
            }
            head.clear();
        }
    }
    Ok(())
}

/// Until the client goes away.
fn stream_for_ever(mut stream: TcpStream) -> io::Result<()> {
    let name = std::env::var("RELEASE").unwrap_or_default();
    write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{name}")?;
    while stream.read(&mut [0; 64])? > 0 {}
    Ok(())
}

fn answer(stream: &mut TcpStream, path: &str, mode: &str) -> io::Result<()> {
    let status = match (path, mode) {
        ("/ready", "never-ready") => "500 Internal Server Error",
        ("/ready", "on-demand") if Path::new("unready").exists() => "503 Service Unavailable",
        _ => "200 OK",
    };
    let body = match path {
        "/env" => std::env::var("SECRET").unwrap_or_default(),
        _ => format!("{} {}", std::env::var("RELEASE").unwrap_or_default(), std::process::id()),
    };
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

fn ignore_termination() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    thread::spawn(move || {
        if let Ok(runtime) = runtime {
            runtime.block_on(async {
                let kind = tokio::signal::unix::SignalKind::terminate();
                if let Ok(mut signals) = tokio::signal::unix::signal(kind) {
                    while signals.recv().await.is_some() {}
                }
            });
        }
    });
}
