//! What the containers may do, and what they are made of: read from the files, since not every machine has Docker.

const COMPOSE: &str = include_str!("../../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../../Dockerfile");

/// Each service's name and lines.
fn services() -> Vec<(&'static str, Vec<&'static str>)> {
    let services = COMPOSE.split("\nservices:\n").nth(1).expect("services");
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in services.lines().take_while(|line| line.is_empty() || line.starts_with(' ')) {
        let name = line.strip_prefix("  ").and_then(|line| line.strip_suffix(':'));
        match name.filter(|name| !name.starts_with([' ', '#'])) {
            Some(name) => found.push((name, Vec::new())),
            None => {
                if let Some((_, lines)) = found.last_mut() {
                    lines.push(line.trim());
                }
            }
        }
    }
    found
}

#[test]
fn every_container_is_read_only_without_privileges_and_cannot_get_any() {
    let services = services();
    assert_eq!(services.len(), 3, "{services:?}");
    for (name, lines) in services {
        for needed in
            ["read_only: true", "security_opt: [\"no-new-privileges:true\"]", "cap_drop: [ALL]"]
        {
            assert!(lines.contains(&needed), "{name} lacks `{needed}`");
        }
    }
}

#[test]
fn every_image_from_elsewhere_is_named_by_its_digest() {
    let mut stages = Vec::new();
    let mut images: Vec<&str> = Vec::new();
    for line in DOCKERFILE.lines().filter(|line| line.starts_with("FROM ")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if !stages.contains(&words[1]) {
            images.push(words[1]);
        }
        stages.extend(words.get(3));
    }
    let of_compose = services().into_iter().flat_map(|(_, lines)| lines);
    images.extend(of_compose.filter_map(|line| line.strip_prefix("image: ")));
    assert_eq!(images.len(), 4, "{images:?}");
    for image in images {
        let (tag, digest) = image.split_once("@sha256:").unwrap_or((image, ""));
        assert!(tag.contains(':'), "{image} has no tag, which tells a person what it is");
        let is_digest = digest.len() == 64 && digest.bytes().all(|it| it.is_ascii_hexdigit());
        assert!(is_digest, "{image} is not named by its digest");
    }
}

#[test]
fn no_secret_is_written_in_the_compose_file() {
    for (name, lines) in services() {
        for line in lines.iter().filter(|line| !line.starts_with('#')) {
            let Some((key, value)) = line.split_once(": ") else { continue };
            let is_secret = ["PASSWORD", "SECRET", "KEY"].iter().any(|word| key.contains(word));
            assert!(!is_secret || value.starts_with("${"), "{name}: {line}");
            assert!(!value.contains("postgres://"), "{name}: {line}");
        }
    }
}

#[test]
fn the_images_programs_do_not_run_as_root() {
    for stage in ["shop", "idp"] {
        let text = DOCKERFILE.split("\nFROM ").find(|text| {
            text.lines().next().is_some_and(|line| line.ends_with(&format!(" AS {stage}")))
        });
        let text = text.unwrap_or_else(|| panic!("no stage {stage}"));
        assert!(text.lines().any(|line| line.starts_with("USER ")), "{stage}");
    }
}
