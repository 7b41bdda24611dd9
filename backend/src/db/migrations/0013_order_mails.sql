-- What is told of an order by email, and when: once for each status. `due_at` is when it is tried next; null where it was
-- sent, or given up.
create table order_mail (
    id {id},
    order_id bigint not null references orders (id) on delete cascade,
    status varchar not null,
    due_at bigint,
    tries integer not null,
    sent_at bigint
);

create unique index order_mail_by_order on order_mail (order_id, status);
create index order_mail_by_due on order_mail (due_at);
