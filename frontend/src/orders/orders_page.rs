use super::{
    order_row::OrderRow,
    query::{api_url, from_url, is_narrowed, page_url},
    status::label,
};
use crate::{
    api,
    auth::{Gate, use_visitor},
    ui::{
        Button, ButtonKind, Empty, ErrorNote, NoSuchPage, PageHeading, Pagination, Skeleton,
        lazy_page, query_value,
    },
};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use shared::{
    orders::{MAX_QUERY, OrderPage, OrderQuery, OrderStatus},
    paths::page,
};

lazy_page!(OrdersRoute, OrdersPage);

#[component]
fn OrdersPage() -> impl IntoView {
    view! {
        <div class="page orders">
            <PageHeading title="All Orders"/>
            <Gate><OrderList/></Gate>
            <p>"Ordered as a guest? " <a href=page::FIND_ORDER>"Find your order"</a></p>
        </div>
    }
}

#[component]
fn OrderList() -> impl IntoView {
    let visitor = use_visitor();
    let location = use_location();
    // The router's location changes before a page is left; until it is gone, it shows what it showed.
    let query = Memo::new(move |before: Option<&OrderQuery>| {
        if *location.pathname.read() == *page::ORDERS {
            let search = location.search.read();
            let [status, q, page] = ["status", "q", "page"].map(|name| query_value(&search, name));
            from_url(status.as_deref(), q.as_deref(), page.as_deref())
        } else {
            before.cloned().unwrap_or_default()
        }
    });
    let orders = LocalResource::new(move || {
        let url = api_url(&query.get());
        async move { visitor.gated(api::get::<OrderPage>(&url)).await }
    });
    let updating = RwSignal::new(false);
    let retry = Callback::new(move |()| orders.refetch());
    view! {
        <Filters query/>
        <div class="order-list" class:is-updating=updating aria-busy=move || updating.get().to_string()>
            <Transition fallback=|| view! { <Skeleton lines=8 label="Fetching your orders…"/> } set_pending=updating>
                {move || Suspend::new(async move {
                    match orders.await {
                        Ok(page) => view! { <OrdersOnPage page query=query.get_untracked()/> }.into_any(),
                        Err(error) => view! { <ErrorNote error on_retry=retry/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Filters(query: Memo<OrderQuery>) -> impl IntoView {
    let navigate = use_navigate();
    let text = RwSignal::new(String::new());
    Effect::new(move || text.set(query.get().q.unwrap_or_default()));
    let search = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let status = query.get_untracked().status;
        let asked = from_url(None, Some(&text.get_untracked()), None);
        let url = page_url(&OrderQuery { status, ..asked });
        navigate(&url, NavigateOptions::default());
    };
    let filter = move |status: Option<OrderStatus>| {
        let href = move || page_url(&OrderQuery { status, page: None, ..query.get() });
        let current = move || (query.get().status == status).then_some("true");
        view! {
            <li>
                <a class="filter" href=href aria-current=current>
                    {status.map_or("All", label)}
                </a>
            </li>
        }
    };
    view! {
        <div class="order-filters">
            <nav aria-label="Filter by status">
                <ul class="filters">
                    {filter(None)}
                    {OrderStatus::ALL.iter().map(|status| filter(Some(*status))).collect_view()}
                </ul>
            </nav>
            <form class="order-search" on:submit=search>
                <input
                    class="input"
                    type="search"
                    name="q"
                    aria-label="Search your orders"
                    placeholder="Product or order number"
                    autocomplete="off"
                    maxlength=MAX_QUERY
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                />
                <Button submit=true kind=ButtonKind::Secondary>"Find"</Button>
            </form>
        </div>
    }
}

#[component]
fn OrdersOnPage(page: OrderPage, query: OrderQuery) -> impl IntoView {
    if page.total == 0 {
        return view! { <NoOrders query/> }.into_any();
    }
    let count = match page.total {
        1 => "1 order".to_owned(),
        many => format!("{many} orders"),
    };
    let href =
        move |to: u32| page_url(&OrderQuery { page: (to > 1).then_some(to), ..query.clone() });
    if page.orders.is_empty() {
        return view! { <NoSuchPage page=page.page pages=page.pages href/> }.into_any();
    }
    view! {
        <p class="order-count" role="status">{count}</p>
        <ul class="order-rows">
            {page.orders.into_iter().map(|order| view! { <OrderRow order/> }).collect_view()}
        </ul>
        <Pagination page=page.page pages=page.pages href/>
    }
    .into_any()
}

#[component]
fn NoOrders(query: OrderQuery) -> impl IntoView {
    if is_narrowed(&query) {
        view! {
            <Empty title="No order matches" text="Try another word or another status, or look at all of them.">
                <a class="button button-primary" href=page::ORDERS>"Show all orders"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! {
            <Empty
                title="No orders yet"
                text="What you order while you are signed in is kept here. Orders placed as a guest are not, until you find them."
            >
                <a class="button button-primary" href=page::HOME>"Go shopping"</a>
            </Empty>
        }
        .into_any()
    }
}
