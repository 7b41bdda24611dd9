// Who has a second factor, and whether what was typed is it.

import { createHmac, randomBytes } from 'node:crypto';
import { type Database, epochSeconds, transaction } from '../store/database.ts';
import { encodeBase32, SECRET_BYTES, stepOfCode } from './totp.ts';

const RECOVERY_CODES = 10;

export class SecondFactors {
  readonly #database: Database;
  readonly #recoveryKey: string;

  constructor(database: Database, recoveryKey: string) {
    this.#database = database;
    this.#recoveryKey = recoveryKey;
  }

  enrolled(accountId: string): boolean {
    return this.#row(accountId)?.confirmed_at != null;
  }

  /**
   * The secret to show while enrolling, or none when enrolled already. In one session it is the same until a code of it
   * was typed, and in another one another: who looked at it in a stranger's session must not know the one that they use.
   */
  secretToConfirm(accountId: string, sessionUid: string): string | undefined {
    if (this.enrolled(accountId)) return undefined;
    const mac = createHmac('sha256', this.#recoveryKey).update(`enrol:${accountId}:${sessionUid}`).digest();
    return encodeBase32(mac.subarray(0, SECRET_BYTES));
  }

  /** Enrols with the first code of the new secret; the recovery codes, shown this once, or undefined if it is wrong. */
  confirm(accountId: string, sessionUid: string, code: string, now: number): string[] | undefined {
    const secret = this.secretToConfirm(accountId, sessionUid);
    const step = secret === undefined ? undefined : stepOfCode(secret, code, now, 0);
    if (secret === undefined || step === undefined) return undefined;
    return transaction(this.#database, () => {
      this.#database
        .prepare(
          `insert or replace into second_factor (account_id, secret, confirmed_at, last_step) values (?, ?, ?, ?)`,
        )
        .run(accountId, secret, epochSeconds(), step);
      return this.#newRecoveryCodes(accountId);
    });
  }

  /** For accounts whose secret is public knowledge. */
  enrolWith(accountId: string, secret: string): void {
    this.#database
      .prepare('insert into second_factor (account_id, secret, confirmed_at) values (?, ?, ?) on conflict do nothing')
      .run(accountId, secret, epochSeconds());
  }

  secretIs(accountId: string, secret: string): boolean {
    return this.#row(accountId)?.secret === secret;
  }

  /** True once for each code. */
  acceptCode(accountId: string, code: string, now: number): boolean {
    const row = this.#row(accountId);
    if (row?.confirmed_at == null) return false;
    const step = stepOfCode(row.secret, code, now, row.last_step);
    if (step === undefined) return false;
    // Two requests with the same code at once: only one of them moves the step.
    const { changes } = this.#database
      .prepare('update second_factor set last_step = ?1 where account_id = ?2 and last_step < ?1')
      .run(step, accountId);
    return changes === 1;
  }

  /** True once for each recovery code. */
  acceptRecoveryCode(accountId: string, code: string): boolean {
    const { changes } = this.#database
      .prepare('delete from recovery_code where account_id = ? and code_hash = ?')
      .run(accountId, this.#hash(accountId, code));
    return changes === 1;
  }

  recoveryCodesLeft(accountId: string): number {
    const { count } = this.#database
      .prepare('select count(*) as count from recovery_code where account_id = ?')
      .get(accountId) as { count: number };
    return count;
  }

  replaceRecoveryCodes(accountId: string): string[] {
    return transaction(this.#database, () => this.#newRecoveryCodes(accountId));
  }

  remove(accountId: string): void {
    transaction(this.#database, () => {
      this.#database.prepare('delete from second_factor where account_id = ?').run(accountId);
      this.#database.prepare('delete from recovery_code where account_id = ?').run(accountId);
    });
  }

  #newRecoveryCodes(accountId: string): string[] {
    this.#database.prepare('delete from recovery_code where account_id = ?').run(accountId);
    // 50 random bits each: too many to guess, few enough to write down.
    const codes = Array.from({ length: RECOVERY_CODES }, () => encodeBase32(randomBytes(7)).slice(0, 10));
    for (const code of codes) {
      this.#database
        .prepare('insert into recovery_code (account_id, code_hash) values (?, ?)')
        .run(accountId, this.#hash(accountId, code));
    }
    return codes.map((code) => `${code.slice(0, 5)}-${code.slice(5)}`.toLowerCase());
  }

  #hash(accountId: string, code: string): string {
    const plain = code.toUpperCase().replace(/[^A-Z2-7]/g, '');
    return createHmac('sha256', this.#recoveryKey).update(`${accountId}:${plain}`).digest('base64url');
  }

  #row(accountId: string): SecondFactorRow | undefined {
    return this.#database.prepare('select * from second_factor where account_id = ?').get(accountId) as
      | SecondFactorRow
      | undefined;
  }
}

interface SecondFactorRow {
  secret: string;
  confirmed_at: number | null;
  last_step: number;
}
