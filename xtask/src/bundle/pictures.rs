//! The catalogue's pictures: emoji of one coherent look from an npm package. Only the ones named are copied.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;

const ASSETS: &str = "@lobehub/fluent-emoji-3d/assets";

/// Copies every picture that the catalogue names to `<site>/pictures/`.
pub fn copy(catalog: &Path, node_modules: &Path, site: &Path) -> Result<()> {
    for name in named_in(&files::read_json(catalog)?)? {
        let file = format!("{name}.webp");
        files::copy(
            &node_modules.join(ASSETS).join(&file),
            &site.join("pictures").join(&file),
        )
        .with_context(|| format!("{} names the picture {name}", catalog.display()))?;
    }
    Ok(())
}

/// The values of all fields named `picture`, wherever they stand.
fn named_in(json: &Value) -> Result<BTreeSet<&str>> {
    let mut names = BTreeSet::new();
    let mut todo = vec![json];
    while let Some(value) = todo.pop() {
        match value {
            Value::Array(values) => todo.extend(values),
            Value::Object(fields) => {
                if let Some(Value::String(name)) = fields.get("picture") {
                    names.insert(name.as_str());
                }
                todo.extend(fields.values());
            }
            _ => {}
        }
    }
    match names.iter().find(|name| !is_emoji_name(name)) {
        Some(name) => {
            bail!("`{name}` is no picture: code points are wanted, as in 1f4f7 or 1f469-200d-1f373")
        }
        None => Ok(names),
    }
}

fn is_emoji_name(name: &str) -> bool {
    name.split('-')
        .all(|code| !code.is_empty() && code.chars().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn pictures_are_found_at_any_depth_and_once() {
        let catalog = json!({
            "categories": [{"picture": "1f375"}],
            "products": [{"picture": "1f4f7", "variants": [{"picture": "1f375"}, {"picture": null}]}],
        });
        assert_eq!(
            named_in(&catalog).unwrap(),
            BTreeSet::from(["1f375", "1f4f7"])
        );
    }

    #[test]
    fn a_picture_that_is_no_code_point_is_refused() {
        for name in ["../secret", "camera", "", "1f4f7-"] {
            assert!(named_in(&json!({"picture": name})).is_err(), "{name}");
        }
    }
}
