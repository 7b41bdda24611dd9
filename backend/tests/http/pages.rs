//! What the server sends for a page: its own words for search engines, its first picture and its first data.

use crate::support::{shopping::*, *};
use reqwest::Method;
use serde_json::Value;
use shared::paths::{api, page, with};

const TEACUP_PAGE: &str = "/p/stoneware-teacup";

/// What stands between the first `start` and the next `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inner, _)| inner)
}

fn title(html: &str) -> &str {
    between(html, "<title>", "</title>").expect("a title")
}

fn canonical(html: &str) -> Option<&str> {
    between(html, r#"<link rel="canonical" href=""#, r#"">"#)
}

fn is_hidden_from_search_engines(html: &str) -> bool {
    html.contains(r#"<meta name="robots" content="noindex">"#)
}

/// Each block of linked data, by its `@type`.
fn linked_data(html: &str) -> Vec<(String, Value)> {
    let blocks = html.split(r#"<script type="application/ld+json">"#).skip(1);
    let read = |block: &str| {
        let json = block.split("</script>").next().unwrap_or_default();
        let data: Value = serde_json::from_str(json).expect("JSON");
        (data["@type"].as_str().expect("a type").to_owned(), data)
    };
    blocks.map(read).collect()
}

/// Each answer of the API that came with the page: its path, whether asking for it is an activity, its bytes.
fn first_data(html: &str) -> Vec<(String, bool, String)> {
    let blocks = html.split(r#"<script type="application/json" data-api=""#).skip(1);
    let read = |block: &str| {
        let (path, rest) = block.split_once('"').expect("a path");
        let (attributes, rest) = rest.split_once('>').expect("a tag");
        let json = rest.split("</script>").next().unwrap_or_default();
        (path.replace("&amp;", "&"), attributes.contains("data-activity"), json.to_owned())
    };
    blocks.map(read).collect()
}

#[tokio::test]
async fn each_page_has_its_own_title_and_address() {
    let shop = Spawn::default().at("https://shop.example").spawn().await;
    let guest = shop.guest();
    for (path, named, address) in [
        ("/", "Home", "/"),
        ("/?utm_source=x", "Home", "/"),
        ("/c/home-kitchen", "Home &amp; Kitchen", "/c/home-kitchen"),
        ("/c/home-kitchen/?sort=name", "Home &amp; Kitchen", "/c/home-kitchen"),
        ("/search?page=2", "All products", "/search?page=2"),
        (TEACUP_PAGE, "Stoneware Teacup", TEACUP_PAGE),
        ("/p/stoneware-teacup/?sku=HK-TEACUP-BLUE", "Stoneware Teacup", TEACUP_PAGE),
        ("/search", "All products", "/search"),
    ] {
        let html = guest.visit(path).await.expect(200).text();
        assert_eq!(title(&html), format!("{named} · storezero"), "{path}");
        let address = format!("https://shop.example{address}");
        assert_eq!(canonical(&html), Some(address.as_str()), "{path}");
        assert!(html.contains(&format!(r#"<meta property="og:url" content="{address}">"#)));
        assert!(!is_hidden_from_search_engines(&html), "{path}");
        assert_eq!(html.matches(r#"<meta name="description""#).count(), 1, "{path}");
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
    }
}

#[tokio::test]
async fn what_is_one_visitors_own_is_hidden_from_search_engines() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for template in page::ALL {
        if [page::HOME, page::SEARCH, page::CATEGORY, page::PRODUCT].contains(&template) {
            continue;
        }
        let html = guest.visit(&template.replace(":number", "x")).await.expect(200).text();
        assert!(is_hidden_from_search_engines(&html), "{template}");
        assert_eq!(canonical(&html), None, "{template}");
        assert!(first_data(&html).is_empty(), "{template}");
    }
    let html = guest.visit("/search?q=tea").await.expect(200).text();
    assert!(is_hidden_from_search_engines(&html));
    assert_eq!(title(&html), "Results for “tea” · storezero");
}

#[tokio::test]
async fn a_page_past_the_end_of_a_list_is_hidden_from_search_engines() {
    let shop = spawn_app().await;
    for path in ["/search?page=99", "/c/home-kitchen?page=2"] {
        let html = shop.guest().visit(path).await.expect(200).text();
        assert!(is_hidden_from_search_engines(&html) && canonical(&html).is_none(), "{path}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_the_apps_own_not_found_page_with_status_404() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in [
        "/nowhere",
        "/nowhere/at/all",
        "/p",
        "/p/",
        "/p/no-such-product",
        "/p/NO-SLUG",
        "/p/a%00b",
        "/p/stoneware-teacup/x",
        "/c/no-such-category",
        "/account/nowhere",
        "/Cart",
        "/cart//",
    ] {
        let answer = guest.visit(path).await.expect(404);
        let html = answer.text();
        assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(title(&html), "Page not found · storezero", "{path}");
        assert!(is_hidden_from_search_engines(&html) && html.contains("boot.js"), "{path}");
        let tag = answer.header("etag").expect("an ETag").to_owned();
        guest.navigation(path).header("if-none-match", &tag).send().await.expect(404);
    }
}

#[tokio::test]
async fn a_product_is_read_without_any_script() {
    let shop = spawn_app().await;
    let html = shop.guest().visit(TEACUP_PAGE).await.expect(200).text();
    let main = between(&html, "<main", "</main>").expect("a main part");
    assert!(main.contains("<h1>Stoneware Teacup</h1>"), "{main}");
    assert!(main.contains("€18.90") && main.contains("Thrown in a small pottery"), "{main}");
    assert!(main.contains(r#"<img src="/pictures/1f375.webp" alt="Stoneware Teacup""#), "{main}");
    assert!(main.contains(r#"<a href="/c/home-kitchen">Home &amp; Kitchen</a>"#), "{main}");
    assert!(!html.contains("zero fuss"), "the start page's hero is not on a product's page");
}

#[tokio::test]
async fn a_link_to_a_variant_shows_that_one_before_any_script_runs() {
    let shop = spawn_app().await;
    let html = shop.guest().visit(&format!("{TEACUP_PAGE}?sku=HK-TEACUP-BLUE")).await.text();
    let main = between(&html, "<main", "</main>").expect("a main part");
    assert!(main.contains(r#"<img src="/pictures/1f375-blue.webp""#), "{main}");
    assert!(main.contains("€19.90") && !main.contains("€18.90"), "{main}");
    let origin = shop.app.config.origin();
    let preview =
        format!(r#"<meta property="og:image" content="{origin}/pictures/1f375-blue.webp">"#);
    assert!(html.contains(&preview), "{html}");
    // The page is the product's, whichever variant it begins with.
    let canonical = format!(r#"<link rel="canonical" href="{origin}{TEACUP_PAGE}">"#);
    assert!(html.contains(&canonical), "{html}");
    let white = shop.guest().visit(TEACUP_PAGE).await.text();
    for other in ["sku=HK-KNIFE", "sku=", "sku=%3Cscript%3E", "sku=HK-TEACUP-BLUE%00"] {
        let html = shop.guest().visit(&format!("{TEACUP_PAGE}?{other}")).await.text();
        assert_eq!(html, white, "{other}");
    }
}

#[tokio::test]
async fn a_product_tells_search_engines_its_price_stock_and_rating() {
    let shop = spawn_app().await;
    let html = shop.guest().visit(TEACUP_PAGE).await.expect(200).text();
    let data = linked_data(&html);
    let of = |kind: &str| &data.iter().find(|(own, _)| own == kind).expect(kind).1;
    let (product, crumbs) = (of("Product"), of("BreadcrumbList"));
    let origin = shop.app.config.origin();
    assert_eq!(product["url"], format!("{origin}{TEACUP_PAGE}"));
    assert_eq!(product["image"], format!("{origin}/pictures/1f375.webp"));
    assert_eq!(product["aggregateRating"]["ratingValue"], "4.6");
    assert_eq!(product["aggregateRating"]["ratingCount"], 132);
    let offers = &product["offers"];
    assert_eq!((&offers["lowPrice"], &offers["highPrice"]), (&"18.90".into(), &"19.90".into()));
    assert_eq!(offers["priceCurrency"], "EUR");
    assert_eq!(offers["offers"][2]["availability"], "https://schema.org/LimitedAvailability");
    assert_eq!(crumbs["itemListElement"][1]["item"], format!("{origin}/c/home-kitchen"));
    assert_eq!(crumbs["itemListElement"][2]["name"], "Stoneware Teacup");
    let home = shop.guest().visit("/").await.text();
    let data = linked_data(&home);
    assert_eq!(data[0].0, "WebSite");
    assert_eq!(data[0].1["potentialAction"]["@type"], "SearchAction");
}

#[tokio::test]
async fn no_name_of_a_product_breaks_out_of_its_page() {
    let shop = spawn_app().await;
    let evil = r#"</script><!-- <script>"><img src=x onerror=alert(1)></title></h1>"#;
    shop.execute(&format!(
        "UPDATE product SET name = '{evil}', description = '{evil}' WHERE slug = 'stoneware-teacup'"
    ))
    .await;
    let guest = shop.guest();
    let usual = guest.visit("/p/kitchen-knife").await.expect(200).text();
    let html = guest.visit(TEACUP_PAGE).await.expect(200).text();
    assert!(!html.contains("<img src=x") && !html.contains("<!-- <script>"), "{html}");
    for tag in ["<script", "</script>", "</title>", "</h1>", "<!--"] {
        assert_eq!(html.matches(tag).count(), usual.matches(tag).count(), "{tag}");
    }
    assert_eq!(linked_data(&html)[0].1["name"], evil);
    let [(_, _, json)] = first_data(&html).try_into().expect("one answer");
    let product: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(product["name"], evil);
    // What was searched for stands in the page as well.
    let search = "/search?q=%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%3E";
    let html = guest.visit(search).await.expect(200).text();
    assert!(!html.contains("<script>alert") && title(&html).contains("&lt;script&gt;"), "{html}");
}

#[tokio::test]
async fn the_first_data_of_a_page_are_the_bytes_that_the_api_answers() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let products = |query: &str| format!("{}?{query}", api::PRODUCTS);
    let categories = || (api::CATEGORIES.to_owned(), false);
    for (path, expected) in [
        ("/", vec![categories(), (products("featured=true"), false)]),
        (TEACUP_PAGE, vec![(with(api::PRODUCT, "stoneware-teacup"), false)]),
        (
            "/c/home-kitchen?sort=name&page=2",
            vec![categories(), (products("category=home-kitchen&sort=name&page=2"), false)],
        ),
        (
            "/c/home-kitchen?in_stock=true",
            vec![categories(), (products("category=home-kitchen&in_stock=true"), true)],
        ),
        ("/search", vec![categories(), (products(""), false)]),
        ("/search?x=1&q=t%C3%A9a+%26", vec![categories(), (products("q=t%C3%A9a+%26"), true)]),
        // The API would refuse it.
        ("/search?q=%00", vec![categories()]),
    ] {
        let html = guest.visit(path).await.expect(200).text();
        let mut found = Vec::new();
        for (path, is_activity, json) in first_data(&html) {
            assert_eq!(guest.get(&path).await.expect(200).text(), json, "{path}");
            found.push((path, is_activity));
        }
        assert_eq!(found, expected, "{path}");
    }
}

#[tokio::test]
async fn a_page_and_an_answer_of_the_catalogue_are_sent_again_only_when_they_changed() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in [
        "/",
        TEACUP_PAGE,
        "/search",
        "/sitemap.xml",
        api::CATEGORIES,
        api::PRODUCTS,
        "/api/products/stoneware-teacup",
    ] {
        let first = guest.get(path).await.expect(200);
        assert_eq!(first.header("cache-control"), Some("no-cache"), "{path}");
        assert_eq!(first.set_cookies(), Vec::<&str>::new(), "{path}");
        let varies: Vec<_> = first.headers.get_all("vary").iter().collect();
        assert!(varies.iter().all(|vary| *vary != "Cookie"), "{path}: {varies:?}");
        let tag = first.header("etag").expect("an ETag").to_owned();
        let again = || guest.fetch(Method::GET, path).header("if-none-match", &tag).send();
        assert!(again().await.expect(304).body.is_empty(), "{path}");
        if path.contains("teacup") {
            shop.set_stock(TEACUP, 1).await;
            eventually(async || again().await.status == 200, path).await;
            shop.set_stock(TEACUP, 84).await;
            eventually(async || again().await.status == 304, path).await;
        }
    }
}

#[tokio::test]
async fn a_page_is_compressed_for_whoever_takes_it() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in ["/", TEACUP_PAGE, "/nowhere", api::PRODUCTS] {
        let plain = guest.fetch(Method::GET, path).send().await;
        assert_eq!(plain.header("content-encoding"), None);
        for (accepted, encoding) in [("gzip, deflate, br", "gzip"), ("gzip", "gzip")] {
            let packed =
                guest.fetch(Method::GET, path).header("accept-encoding", accepted).send().await;
            assert_eq!(packed.header("content-encoding"), Some(encoding), "{path}");
            assert!(packed.body.len() * 2 < plain.body.len(), "{path}");
            assert_eq!(packed.header("etag"), plain.header("etag"), "{path}");
            let mut varies = packed.headers.get_all("vary").iter();
            assert!(varies.any(|vary| vary == "Accept-Encoding"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_head_request_tells_of_a_page_what_get_does() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    for path in ["/", TEACUP_PAGE, "/p/none", "/cart", "/sitemap.xml", "/robots.txt"] {
        let get = guest.visit(path).await;
        let head = guest.fetch(Method::HEAD, path).send().await.expect(get.status.as_u16());
        assert!(head.body.is_empty(), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
    }
}

#[tokio::test]
async fn the_sitemap_names_every_product_and_category_and_only_pages_that_are_there() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    let sitemap = guest.get("/sitemap.xml").await.expect(200);
    assert_eq!(sitemap.header("content-type"), Some("application/xml"));
    let text = sitemap.text();
    let origin = shop.app.config.origin();
    let addresses: Vec<&str> =
        text.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    let list: shared::catalog::ProductPage = guest.get(api::PRODUCTS).await.json();
    let categories: Vec<Value> = guest.get(api::CATEGORIES).await.json();
    assert_eq!(addresses.len(), 2 + categories.len() + list.total as usize);
    for address in addresses {
        let path = address.strip_prefix(&origin).expect("an address of the shop");
        let html = guest.visit(path).await.expect(200).text();
        assert_eq!(canonical(&html), Some(address));
    }
    let robots = guest.get("/robots.txt").await.expect(200).text();
    assert!(robots.starts_with("User-agent: *"), "{robots}");
    assert!(robots.contains(&format!("\nSitemap: {origin}/sitemap.xml\n")), "{robots}");
}

/// One that runs the page finds there what the page asks for.
#[test]
fn search_engines_may_ask_for_the_catalogue_and_nothing_else_of_the_api() {
    let rules = include_str!("../../../frontend/public/robots.txt");
    let of_api: Vec<&str> = rules.lines().filter(|rule| rule.contains("/api")).collect();
    let allowed = [api::PRODUCTS, api::CATEGORIES].map(|path| format!("Allow: {path}"));
    assert_eq!(of_api, [&*allowed[0], &*allowed[1], "Disallow: /api/"]);
}

#[tokio::test]
async fn an_odd_address_is_no_fault_of_the_server() {
    let shop = spawn_app().await;
    for path in [
        "/p/%",
        "/p/%ff",
        "/p/%C3%28",
        "/search?q=%ff",
        "/search?q=%",
        "/search?%00",
        "/search?q",
        "/search?page=99999999999999999999",
        "/search?page=0",
        "/search?max_price=-1",
        "/search?q=%0d%0a",
        "/c/home-kitchen?page=4294967295",
        "/c/..",
        "/./p",
        "/p/stoneware-teacup?",
        "/?%zz",
        "/;",
        "/*",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");
        let answer = shop.raw(request.as_bytes()).await;
        assert!(!answer.starts_with("HTTP/1.1 5") && !answer.is_empty(), "{path}: {answer}");
    }
    let long = format!("/search?q={}", "%F0%9F%8D%B5".repeat(500));
    let html = shop.guest().visit(&long).await.expect(200).text();
    assert_eq!(title(&html).matches('🍵').count(), shared::catalog::MAX_QUERY);
}

#[tokio::test]
async fn pages_are_there_while_the_database_is_not() {
    let shop = spawn_app().await;
    let guest = shop.guest();
    guest.visit(TEACUP_PAGE).await.expect(200);
    shop.app.db.close_by_ref().await.expect("the database closes");
    guest.visit(TEACUP_PAGE).await.expect(200);
    guest.visit("/cart").await.expect(200);
}
