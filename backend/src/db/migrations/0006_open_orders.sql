-- The oldest orders that are on their way are looked for once a minute.
create index orders_by_status on orders (status, delivery, placed_at);
