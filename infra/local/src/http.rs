//! The few plain GETs to programs on this machine. No TLS, no redirects, no other host.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use crate::trouble::{OrSay, Outcome, Trouble};

/// The body of a good answer.
pub fn get(port: u16, path: &str) -> Outcome<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let tried = format!("127.0.0.1:{port} does not answer");
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).or_say(&tried)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).or_say(&tried)?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).or_say(&tried)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).or_say(&tried)?;
    let answer = String::from_utf8_lossy(&answer);
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| Trouble::new(&tried))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status == "200" { Ok(body.to_owned()) } else { Err(Trouble::new(format!("{path} answers {status}"))) }
}

pub fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
