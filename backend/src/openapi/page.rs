//! The document as a page: no script, and the stylesheet of the pages that read without the app.

use super::problems::{self, ProblemKind};
use crate::http::{escape::html, plain_page::plain_page};
use serde_json::Value;
use shared::paths::{api, page};
use std::fmt::Write as _;

pub fn page(document: &Value) -> String {
    let groups: Vec<&str> =
        items(&document["tags"]).filter_map(|tag| tag["name"].as_str()).collect();
    let jumps: String = groups.iter().map(|group| jump(group)).collect();
    let operations: String = groups.iter().map(|group| section(group, document)).collect();
    let problems: String = problems::ALL.iter().map(problem).collect();
    let schemes: String = members(&document["components"]["securitySchemes"]).map(scheme).collect();
    let types: String = members(&document["components"]["schemas"]).map(named_type).collect();
    let body = format!(
        "<header>\n<nav aria-label=\"The shop\">\n<a href=\"{home}\">← Back to the shop</a>\n\
         <a href=\"{openapi}\">OpenAPI 3.1</a>\n</nav>\n<h1>The API</h1>\n<p>{about}</p>\n\
         <ul aria-label=\"On this page\">\n{to_credentials}{jumps}{to_problems}{to_types}</ul>\n</header>\n<main class=\"api\">\n\
         <section>\n<h2 id=\"credentials\">Credentials</h2>\n<dl>\n{schemes}</dl>\n</section>\n\
         {operations}<section>\n<h2 id=\"problems\">Problems</h2>\n{problems}</section>\n\
         <section>\n<h2 id=\"types\">Types</h2>\n{types}</section>\n</main>\n",
        home = page::HOME,
        openapi = api::OPENAPI,
        about = told(&document["info"]),
        to_credentials = jump("Credentials"),
        to_problems = jump("Problems"),
        to_types = jump("Types"),
    );
    plain_page("The API", "<meta name=\"robots\" content=\"noindex\">\n", &body)
}

fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-")
}

fn jump(heading: &str) -> String {
    format!("<li><a href=\"#{}\">{}</a></li>\n", anchor(heading), html(heading))
}

fn scheme((name, scheme): (&String, &Value)) -> String {
    format!("<dt>{}</dt>\n<dd>{}</dd>\n", html(name), told(scheme))
}

fn section(group: &str, document: &Value) -> String {
    let mut section = format!("<section>\n<h2 id=\"{}\">{}</h2>\n", anchor(group), html(group));
    for (path, methods) in members(&document["paths"]) {
        let own = members(methods).filter(|(_, it)| items(&it["tags"]).any(|tag| tag == group));
        for (method, operation) in own {
            section += &described(path, method, operation);
        }
    }
    section + "</section>\n"
}

fn described(path: &str, method: &str, operation: &Value) -> String {
    let mut text = format!(
        "<details>\n<summary><code>{} {}</code> {}</summary>\n<p>Credentials: {}</p>\n",
        method.to_uppercase(),
        html(path),
        html(operation["summary"].as_str().unwrap_or_default()),
        credentials(&operation["security"]),
    );
    let parameters: String = items(&operation["parameters"]).map(parameter).collect();
    let _ = writeln!(text, "<h3>Parameters</h3>\n<dl>\n{parameters}</dl>");
    if let Some(body) = content(&operation["requestBody"]) {
        let _ = writeln!(text, "<h3>Body</h3>\n<p>{}</p>", type_of(&body["schema"]));
    }
    let answers: String = members(&operation["responses"]).map(answer).collect();
    let _ = writeln!(text, "<h3>Answers</h3>\n<dl>\n{answers}</dl>\n</details>");
    text
}

fn credentials(securities: &Value) -> String {
    let one_of = items(securities).map(|security| {
        let names = members(security).map(|(name, scopes)| {
            let scopes = items(scopes).filter_map(Value::as_str).map(|scope| format!(" ({scope})"));
            format!("{name}{}", scopes.collect::<String>())
        });
        names.collect::<Vec<_>>().join(" and ")
    });
    let one_of =
        one_of.map(|names| if names.is_empty() { "none".to_owned() } else { html(&names) });
    one_of.collect::<Vec<_>>().join(", or ")
}

fn parameter(parameter: &Value) -> String {
    let name = parameter["name"].as_str().unwrap_or_default();
    let place = parameter["in"].as_str().unwrap_or_default();
    let required = if parameter["required"] == true { ", required" } else { "" };
    let about = [&parameter["description"], &parameter["schema"]["description"]];
    let about = about.into_iter().find_map(Value::as_str).unwrap_or_default();
    format!(
        "<dt><code>{}</code></dt>\n<dd>{} ({place}{required}). {}</dd>\n",
        html(name),
        type_of(&parameter["schema"]),
        words(about),
    )
}

fn answer((status, response): (&String, &Value)) -> String {
    let schema = content(response).map(|content| &content["schema"]);
    let kinds = schema.map(|schema| &schema["allOf"][1]["properties"]["type"]["enum"]);
    let kinds: Vec<&ProblemKind> = kinds
        .into_iter()
        .flat_map(items)
        .filter_map(|kind| problems::find(kind.as_str()?))
        .collect();
    let told = if kinds.is_empty() {
        match schema.filter(|schema| schema.is_object()) {
            Some(schema) => type_of(schema),
            None => told(response),
        }
    } else {
        let links = kinds.iter().map(|kind| link(kind.name(), kind.name()));
        links.collect::<Vec<_>>().join(", ")
    };
    format!("<dt>{status}</dt>\n<dd>{told}</dd>\n")
}

fn problem(known: &ProblemKind) -> String {
    format!(
        "<h3 id=\"{name}\">{status} <code>{kind}</code></h3>\n<p>{meaning}</p>\n<p>Next: {next}</p>\n",
        name = known.name(),
        status = known.status,
        kind = known.kind,
        meaning = html(known.meaning),
        next = html(known.next),
    )
}

/// The anchor is inside, so that a link to it opens the type (HTML, "ancestor revealing").
fn named_type((name, schema): (&String, &Value)) -> String {
    format!(
        "<details>\n<summary><code>{name}</code></summary>\n<div id=\"type-{name}\">\n<p>{}</p>\n{}</div>\n</details>\n",
        told(schema),
        body_of(schema),
    )
}

fn body_of(schema: &Value) -> String {
    if items(&schema["allOf"]).next().is_some() {
        return items(&schema["allOf"]).map(body_of).collect();
    }
    let field = |(name, field): (&String, &Value)| {
        let is_required = items(&schema["required"]).any(|required| required == name);
        let optional = if is_required { "" } else { " (may be missing)" };
        let (name, kind, about) = (html(name), type_of(field), told(field));
        format!("<dt><code>{name}</code></dt>\n<dd>{kind}{optional}. {about}</dd>\n")
    };
    let fields: String = members(&schema["properties"]).map(field).collect();
    if fields.is_empty() {
        format!("<p>{}</p>\n", type_of(schema))
    } else {
        format!("<dl>\n{fields}</dl>\n")
    }
}

/// A schema in a line.
fn type_of(schema: &Value) -> String {
    if let Some(target) = schema["$ref"].as_str() {
        let name = target.rsplit('/').next().unwrap_or(target);
        return link(&format!("type-{name}"), name);
    }
    let joined = |list: &Value, word: &str| {
        let types: Vec<String> = items(list).map(type_of).collect();
        (!types.is_empty()).then(|| types.join(word))
    };
    let of_alternatives = joined(&schema["oneOf"], " or ")
        .or_else(|| joined(&schema["anyOf"], " or "))
        .or_else(|| joined(&schema["allOf"], " and "))
        .or_else(|| joined(&schema["prefixItems"], ", ").map(|types| format!("[{types}]")));
    if let Some(types) = of_alternatives {
        return types;
    }
    let values: Vec<String> = items(&schema["enum"])
        .map(|value| format!("<code>{}</code>", html(&plain(value))))
        .collect();
    if !values.is_empty() {
        return values.join(" or ");
    }
    if schema["items"].is_object() {
        return format!("list of {}", type_of(&schema["items"]));
    }
    if schema["additionalProperties"].is_object() {
        return format!("{} by name", type_of(&schema["additionalProperties"]));
    }
    let fields: Vec<String> = members(&schema["properties"])
        .map(|(name, field)| format!("{}: {}", html(name), type_of(field)))
        .collect();
    if !fields.is_empty() {
        return format!("{{ {} }}", fields.join(", "));
    }
    match &schema["type"] {
        Value::Array(types) => types.iter().map(plain).collect::<Vec<_>>().join(" or "),
        Value::String(one) => html(one),
        _ => "any JSON".to_owned(),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn link(to: &str, text: &str) -> String {
    format!("<a href=\"#{to}\">{}</a>", html(text))
}

fn told(described: &Value) -> String {
    words(described["description"].as_str().unwrap_or_default())
}

/// Doc comments set code in backticks.
fn words(text: &str) -> String {
    let parts = html(text);
    let parts = parts.split('`').enumerate().map(|(index, part)| match index % 2 {
        0 => part.to_owned(),
        _ => format!("<code>{part}</code>"),
    });
    parts.collect()
}

/// Of a body or an answer: what its one content type has.
fn content(of: &Value) -> Option<&Value> {
    of["content"].as_object()?.values().next()
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn members(object: &Value) -> impl Iterator<Item = (&String, &Value)> {
    object.as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi::document;
    use std::collections::BTreeSet;

    fn whole() -> String {
        page(&serde_json::to_value(document()).expect("JSON"))
    }

    fn all<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
        page.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_problem_has_its_place_and_every_link_on_the_page_leads_somewhere() {
        let page = whole();
        let ids = all(&page, " id=\"");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "an id is there twice");
        for known in &problems::ALL {
            assert!(unique.contains(known.name()), "{}", known.name());
        }
        for target in all(&page, "href=\"#") {
            assert!(unique.contains(target), "#{target}");
        }
    }

    #[test]
    fn a_type_reads_as_a_line() {
        let nullable = serde_json::json!({ "type": ["string", "null"] });
        assert_eq!(type_of(&nullable), "string or null");
        let list =
            serde_json::json!({ "type": "array", "items": { "$ref": "#/components/schemas/Sku" } });
        assert_eq!(type_of(&list), "list of <a href=\"#type-Sku\">Sku</a>");
        let word = serde_json::json!({ "type": "string", "enum": ["<a>", "b"] });
        assert_eq!(type_of(&word), "<code>&lt;a&gt;</code> or <code>b</code>");
        assert!(!whole().contains("any JSON"));
    }
}
