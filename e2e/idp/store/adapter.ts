// Where oidc-provider keeps its state: one row per object in `oidc_state`.

import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { type Database, epochSeconds } from './database.ts';

/** Expired interactions stay readable so long, so that a page left open still finds its way back to its shop. */
const INTERACTION_MEMORY_SECONDS = 7 * 86_400;

export function createAdapter(database: Database): AdapterFactory {
  const upsert = database.prepare(
    `insert into oidc_state (model, id, payload, uid, grant_id, expires_at) values (?, ?, ?, ?, ?, ?)
     on conflict (model, id) do update set payload = excluded.payload, uid = excluded.uid,
       grant_id = excluded.grant_id, expires_at = excluded.expires_at`,
  );
  const byId = database.prepare(
    'select payload from oidc_state where model = ? and id = ? and (expires_at is null or expires_at > ?)',
  );
  const byUid = database.prepare('select payload from oidc_state where model = ? and uid = ? and expires_at > ?');
  const consume = database.prepare(
    `update oidc_state set payload = json_set(payload, '$.consumed', ?) where model = ? and id = ?`,
  );
  const expire = database.prepare('update oidc_state set expires_at = ? where model = ? and id = ?');
  const remove = database.prepare('delete from oidc_state where model = ? and id = ?');
  const removeByGrant = database.prepare('delete from oidc_state where model = ? and grant_id = ?');

  const parse = (row: unknown): AdapterPayload | undefined =>
    row === undefined ? undefined : JSON.parse((row as { payload: string }).payload);

  return (model): Adapter => ({
    async upsert(id, payload, expiresIn) {
      const uid = model === 'Session' ? (payload.uid ?? null) : null;
      // An interaction notes a grant too, but does not end with it: the login under way outlives the old session.
      const grantId = model === 'Interaction' ? null : (payload.grantId ?? null);
      const expiresAt = expiresIn === undefined ? null : epochSeconds() + expiresIn;
      upsert.run(model, id, JSON.stringify(payload), uid, grantId, expiresAt);
    },
    async find(id) {
      return parse(byId.get(model, id, epochSeconds()));
    },
    async findByUid(uid) {
      return parse(byUid.get(model, uid, epochSeconds()));
    },
    // Only the device flow asks for it, and that is switched off.
    async findByUserCode() {
      return undefined;
    },
    async consume(id) {
      consume.run(epochSeconds(), model, id);
    },
    async destroy(id) {
      if (model === 'Interaction') expire.run(epochSeconds(), model, id);
      else remove.run(model, id);
    },
    async revokeByGrantId(grantId) {
      removeByGrant.run(model, grantId);
    },
  });
}

export interface AuthorizationRequest {
  params: Record<string, unknown>;
  /** Nobody came to the end of it in time, so the client still waits for its answer. */
  expired: boolean;
}

/** The request that an interaction belongs to, also after that expired or was finished. */
export function requestOfInteraction(database: Database, uid: string): AuthorizationRequest | undefined {
  const row = database
    .prepare(`select payload, expires_at from oidc_state where model = 'Interaction' and id = ?`)
    .get(uid) as { payload: string; expires_at: number } | undefined;
  if (!row) return undefined;
  const { params, result } = JSON.parse(row.payload) as AdapterPayload;
  return { params: params ?? {}, expired: row.expires_at <= epochSeconds() && result === undefined };
}

export function removeExpiredState(database: Database): void {
  const now = epochSeconds();
  database
    .prepare(`delete from oidc_state where expires_at < case model when 'Interaction' then ? else ? end`)
    .run(now - INTERACTION_MEMORY_SECONDS, now);
}
