-- The number of the order that was placed of a cart last, until the cart is changed again: whoever lost the answer finds
-- it there.
alter table cart add column placed_order varchar;

-- A guest who signs in keeps the orders of this browser.
create index orders_by_guest on orders (guest_hash) where guest_hash is not null;

-- The VAT rate of an order's delivery, in basis points. Of the orders so far it was the country's standard rate.
alter table orders add column delivery_vat_rate integer not null default 0;
update orders set delivery_vat_rate = case country
    when 'AT' then 2000 when 'BE' then 2100 when 'CH' then 810 when 'DE' then 1900 when 'DK' then 2500
    when 'ES' then 2100 when 'FR' then 2000 when 'GB' then 2000 when 'IE' then 2300 when 'IT' then 2200
    when 'NL' then 2100 when 'PL' then 2300 when 'SE' then 2500 else 0 end;
