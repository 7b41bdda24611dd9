-- What shoppers have reserved: items that left the stock for an order that waits for its payment. They go when the
-- order goes, or is paid. The cart is no foreign key: a login moves them to another one.
create table cart_hold (
    order_id bigint not null references orders (id) on delete cascade,
    variant_id bigint not null,
    cart_id bigint not null,
    quantity integer not null,
    primary key (order_id, variant_id)
);

create index cart_hold_by_cart on cart_hold (cart_id);

-- Since when a cart keeps items for a card's owner to confirm, whatever it has tried since; null once it has paid.
alter table cart add column held_since bigint;
