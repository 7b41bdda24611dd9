-- How a session came to be what it is, for the page that shows it: no other request reads it. There is a row once a login
-- has taken the session over, or the demo's control has made it older. `former_*` is what the last login took the place
-- of: key and `sid` masked, and how that session ended if it did.
create table session_history (
    session_id varchar primary key not null references session (id) on delete cascade,
    key_since bigint,
    former_key varchar,
    former_sid varchar,
    former_end varchar,
    former_ended_at bigint,
    login_began_at bigint,
    aged_by bigint not null
);

-- Whether nobody was signed in to the session that ended.
alter table session_end add column was_guest boolean not null default false;
