-- Codes that make an order cheaper: by a percentage, by an amount, or, where it has neither, by its delivery.
create table promotion (
    code varchar primary key not null,
    percent bigint check (percent between 1 and 100),
    amount bigint check (amount > 0),
    minimum bigint not null check (minimum >= 0),
    ends_at bigint
);

-- The code that a cart's shopper has given.
alter table cart add column promotion_code varchar;

-- What it took off, as it was when the order was placed: in all, and of each line item.
alter table orders add column promotion_code varchar;
alter table orders add column discount bigint not null default 0;
alter table order_line add column discount bigint not null default 0;
