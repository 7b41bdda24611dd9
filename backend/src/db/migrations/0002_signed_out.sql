-- Logins that a person ended here, by a hash of issuer, subject and the IdP's `sid`. `elsewhere`: from another device,
-- or with the account. One whose `auth_time` is no later than `authenticated_until` must not come back unasked.
create table signed_out_login (
    login_hash varchar not null,
    elsewhere boolean not null,
    authenticated_until bigint not null,
    at bigint not null,
    primary key (login_hash, elsewhere)
);

-- That is what it was for.
alter table session drop column ask_again;

-- One cookie binds all logins that a browser has in flight.
create index login_attempt_by_binding on login_attempt (binding_hash);
