// What a bench needs in a shop's SQLite database: sessions that nobody opened, and stock that does not run out.
//
//   node rows.mjs stock <database>                      a billion of each product
//   node rows.mjs fill <database> <copy> <sessions>     until there are so many living ones
//   node rows.mjs expire <database>                     those from here
//   node rows.mjs left <database>                       how many of them there are

import { DatabaseSync } from 'node:sqlite';

const [task, file, copy, sessions] = process.argv.slice(2);
let database = new DatabaseSync(file);

if (task === 'stock') {
  database.exec('update variant set stock = 1000000000');
} else if (task === 'fill') {
  database.prepare('vacuum into ?').run(copy);
  database.close();
  database = new DatabaseSync(copy);
  database.exec('pragma journal_mode = wal; pragma synchronous = off; pragma cache_size = -400000; begin');
  // As a guest's that is there already, so that this program needs to know few of the columns.
  const columns = database.prepare('select name from pragma_table_info(?)').all('session');
  const inAYear = Date.now() + 365 * 86_400_000;
  const own = {
    id: `'bench-' || lower(hex(randomblob(16)))`,
    idle_deadline: `${inAYear} + n`,
    absolute_deadline: `${inAYear} + n`,
  };
  const values = columns.map(({ name }) => own[name] ?? `guest."${name}"`);
  database
    .prepare(
      `insert into session select ${values.join(', ')} from
         (select * from session where customer_id is null limit 1) guest,
         (with recursive number(n) as (select 1 union all select n + 1 from number where n < ?) select n from number)`,
    )
    .run(Number(sessions));
  database.exec(`insert into session_key (key_hash, session_id)
    select lower(hex(randomblob(32))), id from session where id like 'bench-%'; commit; pragma optimize`);
} else if (task === 'expire') {
  database.exec(`update session set idle_deadline = 1, absolute_deadline = 1 where id like 'bench-%'`);
} else if (task === 'left') {
  console.log(database.prepare(`select count(*) as left from session where id like 'bench-%'`).get().left);
} else {
  throw new Error(`no task ${task}`);
}
database.close();
