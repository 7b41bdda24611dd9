//! The yardstick: actix-web that sends what lies in memory. What the shop is slower than this is its own doing.
//!
//! `bench-bare <address> <folder>` answers `/<name>` with that file's bytes, as JSON.

use std::{collections::HashMap, env, fs};

use actix_web::{
    App, HttpResponse, HttpServer,
    web::{self, Bytes, Data, Path},
};
use anyhow::Context as _;

type Files = HashMap<String, Bytes>;

#[actix_web::main]
async fn main() -> anyhow::Result<()> {
    let [_, address, folder] = &env::args().collect::<Vec<_>>()[..] else {
        anyhow::bail!("bench-bare <address> <folder>");
    };
    let files = Data::new(read(folder).with_context(|| folder.clone())?);
    let app = move || App::new().app_data(files.clone()).route("/{name}", web::get().to(send));
    Ok(HttpServer::new(app).bind(address)?.run().await?)
}

fn read(folder: &str) -> anyhow::Result<Files> {
    fs::read_dir(folder)?
        .map(|entry| {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            Ok((name, fs::read(entry.path())?.into()))
        })
        .collect()
}

async fn send(files: Data<Files>, name: Path<String>) -> HttpResponse {
    match files.get(name.as_str()) {
        Some(bytes) => HttpResponse::Ok().content_type("application/json").body(bytes.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}
