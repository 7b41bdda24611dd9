//! Pages that read without the app: no script, and one stylesheet of their own.

use super::escape::html;
use shared::paths::SOURCE_STYLE;

/// `head` and `body` are HTML.
pub fn plain_page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{head}\
         <title>{title} · storezero</title>\n<link rel=\"icon\" href=\"/favicon.svg\">\n\
         <link rel=\"stylesheet\" href=\"{SOURCE_STYLE}\">\n</head>\n<body>\n{body}</body>\n</html>\n",
        title = html(title),
    )
}
