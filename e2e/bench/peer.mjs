// What the shop is compared with: Express and express-openid-connect as their documentation shows them, with the list
// of orders behind a login, and a route that does nothing.
//
// PEER_PORT, PEER_URL, PEER_ISSUER, PEER_CLIENT_ID, PEER_CLIENT_SECRET, and PEER_ORDERS, a file with the shop's answer
// about one customer: its orders become rows here.

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import express from 'express';
import openid from 'express-openid-connect';

const { PEER_PORT, PEER_URL, PEER_ISSUER, PEER_CLIENT_ID, PEER_CLIENT_SECRET, PEER_ORDERS, PEER_DATABASE } = process.env;

const database = new DatabaseSync(PEER_DATABASE);
database.exec(`pragma journal_mode = wal;
  create table orders (number text primary key, customer text not null, placed_at integer not null,
    status text not null, total integer not null, currency text not null, count integer not null,
    pictures text not null, first_name text not null);
  create index orders_by_customer on orders (customer, placed_at)`);
const insert = database.prepare('insert into orders values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
for (const order of JSON.parse(readFileSync(PEER_ORDERS, 'utf8')).orders) {
  const { number, placed_at, status, total, count, pictures, first_name } = order;
  insert.run(number, 'ada', placed_at, status, total.minor, total.currency, count, JSON.stringify(pictures), first_name);
}
const ofCustomer = database.prepare('select * from orders where customer = ? order by placed_at desc limit 20');

const app = express();
app.get('/hello', (_request, response) => {
  response.json({ hello: 'world' });
});
app.use(
  openid.auth({
    issuerBaseURL: PEER_ISSUER,
    baseURL: PEER_URL,
    clientID: PEER_CLIENT_ID,
    clientSecret: PEER_CLIENT_SECRET,
    secret: randomBytes(32).toString('hex'),
    authRequired: false,
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
  }),
);
// Logins are tried with a page, orders are asked for as an API: who is not signed in gets 401.
app.get('/orders', (request, response) => {
  if (!request.oidc.isAuthenticated()) return response.status(401).json({ title: 'Sign in first' });
  // The demo's one customer that has orders, whatever the provider calls her.
  const rows = ofCustomer.all(request.oidc.user.sub === undefined ? '' : 'ada');
  const orders = rows.map(({ customer, total, currency, pictures, ...row }) => ({
    ...row,
    total: { minor: total, currency },
    pictures: JSON.parse(pictures),
  }));
  return response.json({ orders, total: orders.length });
});
app.get('/', (request, response) => {
  response.json({ signed_in: request.oidc.isAuthenticated() });
});
app.listen(Number(PEER_PORT), '127.0.0.1');
