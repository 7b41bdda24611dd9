-- Guests' orders that were found by number and email, and who may see them since: a guest's browser, by the hash of its
-- cart token, or a customer.
create table found_order (
    id {id},
    order_id bigint not null references orders (id) on delete cascade,
    guest_hash varchar,
    customer_id bigint references customer (id) on delete cascade,
    at bigint not null
);

create unique index found_order_by_guest on found_order (guest_hash, order_id);
create unique index found_order_by_customer on found_order (customer_id, order_id);
create index found_order_by_order on found_order (order_id);
create index found_order_by_time on found_order (at);
