-- Where a customer has things delivered to, in the same fields as an order has it. The default is the one that was made
-- it last (`default_at`; 0 is never), and of several the oldest: there is one wherever there is any, whichever goes.
create table address (
    id {id},
    customer_id bigint not null references customer (id) on delete cascade,
    full_name varchar not null,
    street text not null,
    postcode varchar not null,
    city varchar not null,
    country varchar not null,
    default_at bigint not null
);

create index address_by_customer on address (customer_id);
