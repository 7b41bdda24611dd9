//! A mail server for one test (RFC 5321): keeps what it takes, and refuses as it is told.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

#[derive(Clone)]
pub struct MailServer {
    pub url: String,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    mails: Vec<String>,
    /// What a recipient is answered with in place of being taken.
    refusal: Option<&'static str>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let server = Self { url, state: Arc::default() };
        let state = server.state.clone();
        super::spawn::servers().spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(talk(connection, state.clone()));
            }
        });
        server
    }

    pub fn refuse(&self, refusal: Option<&'static str>) {
        self.state.lock().expect("no test panics in it").refusal = refusal;
    }

    /// Each with its envelope's recipient as the first line.
    pub fn mails(&self) -> Vec<String> {
        self.state.lock().expect("no test panics in it").mails.clone()
    }
}

async fn talk(mut connection: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let (reader, mut writer) = connection.split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.test ESMTP\r\n").await?;
    let mut recipient = String::new();
    while let Some(line) = lines.next_line().await? {
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let refusal = state.lock().expect("no test panics in it").refusal;
        let answer = match (&*command, refusal) {
            ("RCPT", Some(refusal)) => refusal,
            ("RCPT", None) => {
                line.clone_into(&mut recipient);
                "250 taken"
            }
            ("DATA", _) => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut mail = recipient.clone();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    mail.push('\n');
                    mail.push_str(&line);
                }
                state.lock().expect("no test panics in it").mails.push(mail);
                "250 taken"
            }
            ("QUIT", _) => "221 bye",
            _ => "250 mail.test",
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
