-- The number of the order that was placed of a cart last, until the cart is changed again: whoever lost the answer finds
-- it there.
alter table cart add column placed_order varchar;
