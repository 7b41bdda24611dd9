//! The document: the table of `operations`, and what all of them have in common.

use super::{
    operations::{Answer, Caller, Operation, Schemas, Type, groups},
    problems,
};
use crate::auth;
use shared::{
    checkout::Change,
    paths::{header, is_in},
    problem::{self, Problem, kinds},
};
use std::collections::BTreeMap;
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        AllOfBuilder, Components, Content, ContentBuilder, HttpMethod, InfoBuilder, ObjectBuilder,
        OpenApi, OpenApiBuilder, Paths, Ref, RefOr, Required, ResponseBuilder, Schema,
        Type as Kind,
        path::{OperationBuilder, Parameter, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::SchemaType,
        security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
        },
        tag::TagBuilder,
    },
};

const JSON: &str = "application/json";
const PROBLEM: &str = "Problem";

const ABOUT: &str = "Everything that the shop’s own pages ask for. A request brings one kind of credential: the cookies \
    of a session and a cart, on the shop’s own origin; or an access token and a cart’s token, on an origin that the \
    shop lists. Times are milliseconds since the Unix epoch, amounts of money whole cents. Lists that grow without end, \
    products, orders and reviews, come in pages: ?page= counts from 1, and the answer has total, page and pages beside \
    its list. Every other list has a limit and comes whole. Errors are application/problem+json (RFC 9457).";

/// What any operation may answer with.
const COMMON: [&str; 5] = [
    kinds::BAD_REQUEST,
    kinds::MIXED_CREDENTIALS,
    kinds::INVALID_TOKEN,
    kinds::INTERNAL,
    kinds::UNAVAILABLE,
];
/// What comes of a body.
const OF_BODY: [&str; 4] =
    [kinds::TOO_SLOW, kinds::TOO_LARGE, kinds::UNSUPPORTED_MEDIA_TYPE, kinds::VALIDATION];

const SESSION: &str = "session";
const CART_COOKIE: &str = "cart";
const ACCESS_TOKEN: &str = "accessToken";
const CART_TOKEN: &str = "cartToken";

pub fn document() -> OpenApi {
    let mut paths = Paths::new();
    let mut parts: Schemas = Vec::new();
    let mut tags = Vec::new();
    for (group, operations) in groups() {
        tags.push(TagBuilder::new().name(group).build());
        for operation in operations {
            let (path, method) = (operation.path, operation.method.clone());
            let described = describe(group, operation, &mut parts);
            paths.add_path_operation(path, vec![method], described);
        }
    }
    // The name of a generic type would tell of its parameter.
    parts.push((PROBLEM.to_owned(), Problem::<Change>::schema()));
    Problem::<Change>::schemas(&mut parts);
    parts.extend(Type::of::<Change>().parts);
    let mut components = Components::new();
    components.schemas.extend(parts);
    for (name, scheme) in security_schemes() {
        components.add_security_scheme(name, scheme);
    }
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("storezero")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT)),
        )
        .paths(paths)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

fn describe(
    group: &str,
    operation: Operation,
    parts: &mut Schemas,
) -> utoipa::openapi::path::Operation {
    let changes = operation.method != HttpMethod::Get;
    let problems = problems_of(&operation);
    let mut described = OperationBuilder::new()
        .tag(group)
        .summary(Some(operation.summary))
        .operation_id(Some(id(&operation)))
        .securities(Some(securities(&operation)))
        .parameters(Some(path_parameters(operation.path)));
    if changes {
        described = described.parameter(header_parameter(
            header::CSRF,
            "1, on every change: no form can send it.",
            Required::True,
        ));
    }
    for (name, about) in operation.headers {
        described = described.parameter(header_parameter(name, about, Required::True));
    }
    described = described.parameter(header_parameter(
        header::BACKGROUND,
        "1, where no person caused the request: it does not keep the session alive.",
        Required::False,
    ));
    if let Some(Type { parts: query, .. }) = operation.query {
        described = described.parameters(Some(query_parameters(&query)));
        // The query itself is no type of a body.
        parts.extend(query.into_iter().skip(1));
    }
    if let Some(body) = operation.body {
        let body = take(body, parts);
        let content = Content::new(Some(body));
        let body = RequestBodyBuilder::new().content(JSON, content).required(Some(Required::True));
        described = described.request_body(Some(body.build()));
    }
    described = match operation.answer {
        Answer::Json(status, answer) => success(described, status, JSON, Some(take(answer, parts))),
        Answer::Cacheable(answer) => {
            let described = success(described, 200, JSON, Some(take(answer, parts)));
            let unchanged = "Nothing changed since the answer with this ETag.";
            described.response("304", ResponseBuilder::new().description(unchanged))
        }
        Answer::Nothing => described.response("204", ResponseBuilder::new().description("Done.")),
        Answer::Events => success(described, 200, "text/event-stream", None),
        Answer::Document => success(described, 200, JSON, None),
        Answer::Page => success(described, 200, "text/html", None),
    };
    for (status, kinds) in problems {
        described = described.response(status.to_string(), refusal(&kinds));
    }
    described.build()
}

fn take(Type { schema, parts: own }: Type, parts: &mut Schemas) -> RefOr<Schema> {
    parts.extend(own);
    schema
}

/// `get-api-cart-items-sku`: in the order of the path, for tools that want one.
fn id(operation: &Operation) -> String {
    let method = match operation.method {
        HttpMethod::Get => "get",
        HttpMethod::Post => "post",
        HttpMethod::Put => "put",
        _ => "delete",
    };
    let words = operation.path.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<&str> =
        [method].into_iter().chain(words.filter(|word| !word.is_empty())).collect();
    words.join("-")
}

fn success(
    described: OperationBuilder,
    status: u16,
    content_type: &str,
    schema: Option<RefOr<Schema>>,
) -> OperationBuilder {
    let content = ContentBuilder::new().schema(schema);
    let response =
        ResponseBuilder::new().description("Done.").content(content_type, content.build());
    described.response(status.to_string(), response)
}

/// Its own and those that it shares, by status.
fn problems_of(operation: &Operation) -> BTreeMap<u16, Vec<&'static str>> {
    let mut kinds = operation.problems.to_vec();
    kinds.extend(COMMON);
    if operation.method != HttpMethod::Get {
        kinds.push(kinds::CSRF);
    }
    if operation.body.is_some() {
        kinds.extend(OF_BODY);
    }
    if operation.query.is_some() {
        kinds.push(kinds::VALIDATION);
    }
    if matches!(operation.caller, Caller::Customer | Caller::FreshCustomer) {
        kinds.push(kinds::SIGN_IN_REQUIRED);
    }
    if operation.caller == Caller::FreshCustomer {
        kinds.push(kinds::STEP_UP_REQUIRED);
    }
    if scope(operation.path).is_some() {
        kinds.push(kinds::INSUFFICIENT_SCOPE);
    }
    let mut by_status = BTreeMap::<u16, Vec<&str>>::new();
    for known in &problems::ALL {
        if kinds.contains(&known.kind) {
            by_status.entry(known.status).or_default().push(known.kind);
        }
    }
    by_status
}

fn refusal(kinds: &[&str]) -> ResponseBuilder {
    let kind = ObjectBuilder::new().schema_type(Kind::String).enum_values(Some(kinds.to_vec()));
    let schema = AllOfBuilder::new()
        .item(Ref::from_schema_name(PROBLEM))
        .item(ObjectBuilder::new().property("type", kind));
    let content = Content::new(Some(Schema::AllOf(schema.build())));
    let meanings = kinds.iter().filter_map(|kind| problems::find(kind)).map(|known| known.meaning);
    let meanings: Vec<&str> = meanings.collect();
    ResponseBuilder::new()
        .description(meanings.join(" Or: "))
        .content(problem::CONTENT_TYPE, content)
}

fn scope(path: &str) -> Option<&'static str> {
    auth::SCOPES.iter().find(|(place, _)| is_in(place, path)).map(|(_, scope)| *scope)
}

fn securities(operation: &Operation) -> Vec<SecurityRequirement> {
    let none: [&str; 0] = [];
    let bearer = SecurityRequirement::new(ACCESS_TOKEN, scope(operation.path));
    let signed_in = [SecurityRequirement::new(SESSION, none), bearer];
    let guest = match operation.caller {
        Caller::Anybody => vec![SecurityRequirement::default()],
        Caller::Shopper => vec![
            SecurityRequirement::default(),
            SecurityRequirement::new(CART_COOKIE, none),
            SecurityRequirement::new(CART_TOKEN, none),
        ],
        Caller::Customer | Caller::FreshCustomer => Vec::new(),
    };
    guest.into_iter().chain(signed_in).collect()
}

fn security_schemes() -> [(&'static str, SecurityScheme); 4] {
    let cookie = |name, about| {
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(name, about)))
    };
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(
        "An access token of the identity provider (RFC 9068). Its scopes are orders and account, each for the paths \
         of that name.",
    ));
    [
        (
            SESSION,
            cookie(
                "storezero",
                "A session of the shop, __Host-storezero on https. /auth/login begins it.",
            ),
        ),
        (CART_COOKIE, cookie("storezero-cart", "A guest’s cart, __Host-storezero-cart on https.")),
        (ACCESS_TOKEN, SecurityScheme::Http(token.build())),
        (
            CART_TOKEN,
            SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::with_description(
                header::CART,
                "A guest’s cart on a page of another origin. The answer that begins the cart has it in the same header.",
            ))),
        ),
    ]
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Kind::String)
}

fn path_parameters(path: &str) -> Vec<Parameter> {
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let parameter = |name| {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path);
        parameter.required(Required::True).schema(Some(text())).build()
    };
    names.map(parameter).collect()
}

fn header_parameter(name: &str, about: &str, required: Required) -> Parameter {
    let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header);
    parameter.required(required).description(Some(about)).schema(Some(text())).build()
}

/// Each field of the query is a parameter.
fn query_parameters(query: &Schemas) -> Vec<Parameter> {
    let Some((_, RefOr::T(Schema::Object(fields)))) = query.first() else {
        return Vec::new();
    };
    let parameter = |(name, schema): (&String, &RefOr<Schema>)| {
        let parameter = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query);
        parameter.required(Required::False).schema(Some(without_null(schema))).build()
    };
    fields.properties.iter().map(parameter).collect()
}

/// What a query leaves out is not sent, and no null in its place.
fn without_null(schema: &RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::OneOf(either)) => either.items.first().unwrap_or(schema).clone(),
        RefOr::T(Schema::Object(object)) => {
            let mut object = object.clone();
            object.default = None;
            if let SchemaType::Array(kinds) = object.schema_type {
                object.schema_type = kinds.into_iter().next().unwrap_or_default().into();
            }
            RefOr::T(Schema::Object(object))
        }
        _ => schema.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn lists_in_pages_are_asked_for_and_answered_alike() {
        let document = serde_json::to_value(document()).expect("JSON");
        let operations = document["paths"].as_object().expect("paths").values();
        let mut in_pages = 0;
        for operation in operations.filter_map(|methods| methods.get("get")) {
            let parameters = operation["parameters"].as_array().expect("parameters");
            let is_asked_for =
                parameters.iter().any(|it| it["name"] == "page" && it["in"] == "query");
            let schema = &operation["responses"]["200"]["content"][JSON]["schema"]["$ref"];
            let schema = schema.as_str().and_then(|name| document.pointer(&name[1..]));
            let required = schema.and_then(|schema| schema["required"].as_array());
            let has = |name: &str| required.is_some_and(|all| all.contains(&Value::from(name)));
            let is_answered = ["total", "page", "pages"].map(has);
            assert_eq!(is_answered, [is_asked_for; 3], "{}", operation["summary"]);
            in_pages += u32::from(is_asked_for);
        }
        assert_eq!(in_pages, 3);
    }
}
