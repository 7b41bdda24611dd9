//! Every answer of the API that a test receives, and every body that the API accepted, held against its description.

use super::Answer;
use backend::openapi::document;
use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Value, json};
use shared::{paths::is_of_api, problem};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(document()).expect("JSON"));
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// Method and path of each operation.
pub fn operations() -> impl Iterator<Item = (String, &'static str)> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").keys();
        methods.map(move |method| (method.to_uppercase(), path.as_str()))
    })
}

pub fn check(method: &Method, sent: &[u8], answer: &Answer) -> Result<(), String> {
    let is_described =
        is_of_api(answer.url.path()) && ![Method::HEAD, Method::OPTIONS].contains(method);
    if !is_described {
        return Ok(());
    }
    let Some(template) = template(method, answer.url.path()) else {
        return check_refusal(answer);
    };
    let operation = &DOCUMENT["paths"][template][method.as_str().to_lowercase()];
    let status = answer.status.as_u16().to_string();
    let response = &operation["responses"][&status];
    if response.is_null() {
        return Err(format!("{status} is not described"));
    }
    let place = format!("{method} {template} {status}");
    check_content(&place, &response["content"], answer)?;
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    if answer.status.is_success() && !body.is_null() {
        check_json(&format!("{method} {template}"), body, sent)?;
    }
    Ok(())
}

/// Of an address or a method that the API does not have.
fn check_refusal(answer: &Answer) -> Result<(), String> {
    if !answer.status.is_client_error() && !answer.status.is_server_error() {
        return Err("this operation is not described".to_owned());
    }
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    check_content("any", &json!({ (problem::CONTENT_TYPE): { "schema": schema } }), answer)
}

fn check_content(place: &str, content: &Value, answer: &Answer) -> Result<(), String> {
    let Some(described) = content.as_object() else {
        return if answer.body.is_empty() {
            Ok(())
        } else {
            Err("a body is not described".to_owned())
        };
    };
    let told = answer.header("content-type").unwrap_or_default();
    let essence = told.split(';').next().unwrap_or_default();
    let Some(content) = described.get(essence) else {
        return Err(format!("{told:?} is not described"));
    };
    match &content["schema"] {
        Value::Null => Ok(()),
        // Compressed, which no test but those of the encoding asks for.
        _ if answer.header("content-encoding").is_some() => Ok(()),
        schema => check_json(place, schema, &answer.body),
    }
}

fn check_json(place: &str, schema: &Value, body: &[u8]) -> Result<(), String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let validator = validator(place, schema);
    let faults: Vec<String> = validator
        .iter_errors(&body)
        .map(|error| format!("{} at {:?}", error, error.instance_path().to_string()))
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Each is made once: it takes longer than to use it.
fn validator(place: &str, schema: &Value) -> Arc<Validator> {
    let mut known = VALIDATORS.lock().expect("no panic while it was held");
    let new = || {
        let mut schema = schema.clone();
        schema["components"] = DOCUMENT["components"].clone();
        Arc::new(jsonschema::validator_for(&schema).expect("a schema"))
    };
    Arc::clone(known.entry(place.to_owned()).or_insert_with(new))
}

/// The operation's path as it is described. One that is spelled out, such as `/api/orders/lookup`, goes before
/// `/api/orders/{number}`, whatever its methods.
fn template(method: &Method, path: &str) -> Option<&'static str> {
    let is_spelled_out = operations().any(|(_, known)| known == path);
    operations()
        .filter(|(known, _)| known == method.as_str())
        .map(|(_, template)| template)
        .find(|template| if is_spelled_out { *template == path } else { fits(template, path) })
}

fn fits(template: &str, path: &str) -> bool {
    let mut parts = path.split('/');
    let fits = template.split('/').all(|wanted| {
        parts
            .next()
            .is_some_and(|part| part == wanted || (wanted.starts_with('{') && !part.is_empty()))
    });
    fits && parts.next().is_none()
}
