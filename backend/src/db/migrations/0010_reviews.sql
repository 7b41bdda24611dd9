-- What a customer says of a product that they received: one review of each. It goes with either.
create table review (
    id {id},
    product_id bigint not null references product (id) on delete cascade,
    customer_id bigint not null references customer (id) on delete cascade,
    author varchar not null,
    rating integer not null,
    text varchar not null,
    written_at bigint not null
);

create unique index review_by_customer on review (customer_id, product_id);
create index review_by_product on review (product_id, written_at);
