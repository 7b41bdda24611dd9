//! The rooms of backend and frontend, each from the ground up: a room uses only those below it.

use std::{
    fs,
    path::{Path, PathBuf},
};

type Floors = [&'static str];

const BACKEND: [&str; 27] = [
    "error",
    "crypto",
    "config",
    "db",
    "http",
    "trace",
    "customers",
    "session",
    "oidc",
    "catalog",
    "promotions",
    "cart",
    "wishlist",
    "orders",
    "reviews",
    "checkout",
    "account",
    "auth",
    "explorer",
    "openapi",
    "pages",
    "seed",
    "jobs",
    "app",
    "lib",
    "main",
    "bin",
];

const FRONTEND: [&str; 17] = [
    "storage",
    "api",
    "ui",
    "auth",
    "activities",
    "cart",
    "catalog",
    "wishlist",
    "product",
    "orders",
    "checkout",
    "account",
    "home",
    "explorer",
    "shell",
    "app",
    "lib",
];

/// What `lib.rs` names anew, and where it comes from.
const RENAMED: [(&str, &str); 3] = [("Config", "config"), ("Error", "error"), ("Result", "error")];

#[test]
fn each_room_of_the_backend_uses_only_those_below_it() {
    expect_floors("backend", &BACKEND);
}

#[test]
fn each_room_of_the_frontend_uses_only_those_below_it() {
    expect_floors("frontend", &FRONTEND);
}

#[track_caller]
fn expect_floors(package: &str, floors: &Floors) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let src = root.expect("the repository").join(package).join("src");
    let broken: Vec<String> = files(&src)
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .flat_map(|file| {
            let text = fs::read_to_string(file).expect("a readable file");
            broken_arrows(floors, file.strip_prefix(&src).expect("a file of src"), &text)
        })
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn an_arrow_that_runs_up_is_named_and_so_is_a_room_without_a_floor() {
    let broken = |file: &str, text: &str| broken_arrows(&FRONTEND, Path::new(file), text);
    let grouped = "use crate::{\n    api::{self, ApiError},\n    cart::use_cart,\n};";
    assert_eq!(broken("auth/gate.rs", grouped), ["src/auth/gate.rs: auth → cart"]);
    assert_eq!(broken("orders/mod.rs", grouped), Vec::<String>::new());
    let inline = "// crate::app\nfn f() { crate::shell::banner() }";
    assert_eq!(broken("ui/field.rs", inline), ["src/ui/field.rs: ui → shell"]);
    let whole = "use crate::attic;";
    assert_eq!(broken("ui/mod.rs", whole), ["src/ui/mod.rs: attic has no floor"]);
    assert_eq!(broken("attic.rs", ""), ["src/attic.rs: attic has no floor"]);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// `file` is seen from `src`.
fn broken_arrows(floors: &Floors, file: &Path, text: &str) -> Vec<String> {
    let room = file.iter().next().and_then(|first| Path::new(first).file_stem()?.to_str());
    let room = room.expect("a room");
    let name = format!("src/{}", file.display());
    let Some(own) = floor(floors, room) else {
        return vec![format!("{name}: {room} has no floor")];
    };
    let broken = |target: &str| match floor(floors, target) {
        None => Some(format!("{name}: {target} has no floor")),
        Some(floor) if floor > own => Some(format!("{name}: {room} → {target}")),
        Some(_) => None,
    };
    used_rooms(text).into_iter().filter_map(broken).collect()
}

fn floor(floors: &Floors, room: &str) -> Option<usize> {
    let renamed = RENAMED.iter().find(|(name, _)| *name == room);
    let room = renamed.map_or(room, |(_, room)| *room);
    floors.iter().position(|known| *known == room)
}

/// What follows `crate::`, be it one room or a group of them.
fn used_rooms(text: &str) -> Vec<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.map(|line| line.as_ptr() as usize - text.as_ptr() as usize)
        .flat_map(|start| {
            let line = text[start..].lines().next().unwrap_or_default();
            line.match_indices("crate::").map(move |(at, path)| start + at + path.len())
        })
        .flat_map(|start| match text[start..].strip_prefix('{') {
            None => vec![identifier(&text[start..])],
            Some(group) => members(group),
        })
        .collect()
}

/// The first identifiers of a group's members; `group` begins after its brace.
fn members(group: &str) -> Vec<&str> {
    let mut members = Vec::new();
    let (mut depth, mut begins) = (0, 0);
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                members.push(identifier(group[begins..at].trim_start()));
                begins = at + 1;
                if character == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    members.retain(|member| !member.is_empty());
    members
}

fn identifier(path: &str) -> &str {
    let end = path.find(|c: char| !c.is_alphanumeric() && c != '_');
    &path[..end.unwrap_or(path.len())]
}
