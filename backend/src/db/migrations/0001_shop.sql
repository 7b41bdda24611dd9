-- Everything that the shop stores. `{id}` and `{json}` are what SQLite and PostgreSQL write differently:
-- a numbered primary key, and JSON.
--
-- Times are milliseconds since the Unix epoch, money is in minor units, hashes are SHA-256 in hexadecimal.
-- The checks are the database's own word for what no rule may break: no stock below zero, and prices so
-- small (at most a million euros) that no total of a full cart leaves the range of a 64-bit integer.

-- What is sold: categories with products, whose variants are what lies in a cart. Pictures are URL paths,
-- `position` is the place in a list.
create table category (
    id {id},
    slug varchar not null unique,
    name varchar not null,
    description text not null,
    picture varchar not null,
    position integer not null
);

-- `vat` is the word of a VAT rate, since the rate itself differs between countries; `rating` is 0.0 to 5.0.
create table product (
    id {id},
    category_id bigint not null references category (id) on delete restrict,
    slug varchar not null unique,
    name varchar not null,
    description text not null,
    picture varchar not null,
    vat varchar not null,
    rating real not null,
    rating_count integer not null,
    featured boolean not null
);

create index product_by_category on product (category_id);

-- `options` is what a shopper chooses by, as {"Colour": "Blue"}; `price` contains VAT; `stock` is what nobody
-- has bought or reserved.
create table variant (
    id {id},
    product_id bigint not null references product (id) on delete restrict,
    sku varchar not null unique,
    options {json} not null,
    price bigint not null check (price between 0 and 100000000),
    stock integer not null check (stock >= 0),
    position integer not null
);

create index variant_by_product on variant (product_id);

-- Who signed in here at least once. Issuer and subject name a customer for good (OIDC Core §5.7); the rest is
-- what their last login said of them, but for `created_at`, the first login.
create table customer (
    id {id},
    issuer varchar not null,
    subject varchar not null,
    name varchar not null,
    email varchar,
    email_verified boolean not null,
    second_factor boolean not null,
    created_at bigint not null
);

create unique index customer_by_identity on customer (issuer, subject);

-- Who deleted their account lately, by the hash of issuer and subject: an access token of before begins none anew.
create table deleted_customer (
    identity_hash varchar primary key not null,
    at bigint not null
);

-- A cart is a customer's or, by the hash of a cookie's token, a browser's. `merged` is what a login did to it.
create table cart (
    id {id},
    customer_id bigint unique references customer (id) on delete cascade,
    token_hash varchar unique,
    merged {json},
    changed_at bigint not null,
    check ((customer_id is null) <> (token_hash is null))
);

create table cart_item (
    cart_id bigint not null references cart (id) on delete cascade,
    variant_id bigint not null references variant (id) on delete cascade,
    quantity integer not null check (quantity between 1 and 99),
    added_at bigint not null,
    primary key (cart_id, variant_id)
);

create index cart_item_by_variant on cart_item (variant_id);

-- Orders as they were placed; `order` is a keyword of SQL. They outlive their customer's account, and a guest's
-- belongs to the browser whose cart token has `guest_hash`. What a list shows of an order's lines is kept here
-- too (`item_count`, `first_name`, `pictures`, `search_text`): lines never change, and a list is one query.
create table orders (
    id {id},
    number varchar not null unique,
    customer_id bigint references customer (id) on delete set null,
    guest_hash varchar,
    status varchar not null,
    placed_at bigint not null,
    email varchar not null,
    full_name varchar not null,
    street text not null,
    postcode varchar not null,
    city varchar not null,
    country varchar not null,
    delivery varchar not null,
    card_brand varchar not null,
    card_last4 varchar not null,
    subtotal bigint not null,
    delivery_price bigint not null,
    tax bigint not null,
    total bigint not null,
    item_count integer not null,
    first_name varchar not null,
    pictures {json} not null,
    search_text text not null
);

create index orders_by_customer on orders (customer_id, placed_at, id);

-- What was bought, as it was then. `variant_id` is where the items go back to when the order is cancelled; no
-- foreign key, since a variant may go. `vat_rate` is in basis points; `tax` is the VAT that `total` contains.
create table order_line (
    id {id},
    order_id bigint not null references orders (id) on delete cascade,
    variant_id bigint not null,
    sku varchar not null,
    slug varchar not null,
    name varchar not null,
    options {json} not null,
    picture varchar not null,
    unit_price bigint not null,
    quantity integer not null,
    total bigint not null,
    vat_rate integer not null,
    tax bigint not null
);

create index order_line_by_order on order_line (order_id);

-- When an order came to be where it is: its history.
create table order_status (
    id {id},
    order_id bigint not null references orders (id) on delete cascade,
    status varchar not null,
    at bigint not null
);

create index order_status_by_order on order_status (order_id);

-- Checkouts in flight and what became of them, by `Idempotency-Key`, so that one asked for twice is one order.
-- `content` is a keyed hash of what was asked for; `until`, when the reservation is given back or the answer
-- forgotten. The cart is no foreign key: a login may take it away while a payment is in flight, and the
-- reservation must still be found and given back.
create table checkout_attempt (
    cart_id bigint not null,
    key varchar not null,
    content varchar not null,
    state varchar not null,
    order_id bigint references orders (id) on delete set null,
    until bigint not null,
    primary key (cart_id, key)
);

create index checkout_attempt_by_end on checkout_attempt (until);

-- What has been seeded, so that it is done once.
create table seeding (
    name varchar primary key not null,
    at bigint not null
);

-- The local session: facts, and nothing secret. Nobody is signed in where `customer_id` is null; then the
-- columns that a login fills are null too. `sid` is the IdP's own name of its session (Back-Channel Logout 1.0
-- §2.1), `amr` are words separated by spaces (RFC 8176), `id_token_issued_at` is in the IdP's time.
create table session (
    id varchar primary key not null,
    customer_id bigint references customer (id) on delete cascade,
    created_at bigint not null,
    last_seen_at bigint not null,
    idle_deadline bigint not null,
    absolute_deadline bigint not null,
    persistent boolean not null,
    ask_again boolean not null,
    issuer varchar,
    subject varchar,
    sid varchar,
    auth_time bigint,
    acr varchar,
    amr varchar,
    id_token_issued_at bigint,
    provider varchar,
    user_agent varchar not null
);

create index session_by_subject on session (subject);
create index session_by_sid on session (sid);
create index session_by_customer on session (customer_id);
create index session_by_idle_deadline on session (idle_deadline);
create index session_by_absolute_deadline on session (absolute_deadline);

-- Hashes of the cookie values that open a session: a table of its own, so that a new value (rotation) changes
-- nothing that hangs on the session.
create table session_key (
    key_hash varchar primary key not null,
    session_id varchar not null references session (id) on delete cascade
);

create index session_key_by_session on session_key (session_id);

-- Why a key opens nothing any more, for whoever comes back with it; `trace` is how the IdP ended it, in JSON.
create table session_end (
    key_hash varchar primary key not null,
    reason varchar not null,
    trace text,
    at bigint not null
);

-- The encrypted ID token of a session's login: the hint for the logout at the IdP, and read for nothing else.
create table session_id_token (
    session_id varchar primary key not null references session (id) on delete cascade,
    ciphertext text not null
);

-- How the logins of a session went, in JSON.
create table session_trace (
    id {id},
    session_id varchar not null references session (id) on delete cascade,
    trace text not null
);

create index session_trace_by_session on session_trace (session_id);

-- What a visitor did in their session; gone with it.
create table activity (
    id {id},
    session_id varchar not null references session (id) on delete cascade,
    at bigint not null,
    kind varchar not null,
    name varchar not null,
    details text not null
);

create index activity_by_session on activity (session_id, at);

-- Logins in flight: what must come back from the IdP (`redirect_path`: and where), bound to the browser that
-- left for it. `max_age` is in seconds. The session is no foreign key: it may end before the callback arrives.
create table login_attempt (
    state_hash varchar primary key not null,
    binding_hash varchar not null,
    nonce varchar not null,
    pkce_verifier varchar not null,
    return_to text not null,
    redirect_path varchar not null,
    keep boolean not null,
    connection varchar,
    prompt varchar,
    max_age bigint,
    acr_values varchar,
    session_id varchar,
    key_hash varchar,
    cart_hash varchar,
    restarted boolean not null,
    trace text,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

-- Logout tokens that were acted upon, so that none is acted upon twice.
create table logout_token (
    jti varchar primary key not null,
    at bigint not null
);

-- Logins that the IdP ended lately, for callbacks that arrive after their own logout. `token_issued_at` is in
-- the IdP's time.
create table ended_login (
    id {id},
    issuer varchar not null,
    sid varchar,
    subject varchar,
    token_issued_at bigint not null,
    at bigint not null
);

-- What somebody wants to remember: a customer, or while nobody is signed in the session. A product is on one
-- wishlist once.
create table wishlist_item (
    id {id},
    customer_id bigint references customer (id) on delete cascade,
    session_id varchar references session (id) on delete cascade,
    product_id bigint not null references product (id) on delete cascade,
    added_at bigint not null,
    check ((customer_id is null) <> (session_id is null))
);

create unique index wishlist_item_by_customer on wishlist_item (customer_id, product_id);
create unique index wishlist_item_by_session on wishlist_item (session_id, product_id);
