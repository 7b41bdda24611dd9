// Mails and text messages that this provider sends. They go no further than the mailbox page, where a demo or a test
// reads them.

import { type Database, epochSeconds } from './database.ts';

export interface Message {
  kind: 'mail' | 'sms';
  to: string;
  subject: string;
  text: string;
  /** The address to open, where the message asks for that. */
  link?: string | undefined;
}

export interface StoredMessage extends Message {
  id: number;
  /** Seconds since 1970. */
  sentAt: number;
}

const KEPT_SECONDS = 7 * 86_400;

export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  send({ kind, to, subject, text, link }: Message): void {
    this.#database
      .prepare('insert into message (kind, recipient, subject, text, link, sent_at) values (?, ?, ?, ?, ?, ?)')
      .run(kind, to, subject, text, link ?? null, epochSeconds());
  }

  /** The newest first, at most 100; only those to `recipient`, where one is named. */
  messages(recipient?: string): StoredMessage[] {
    const rows = this.#database
      .prepare('select * from message where ?1 is null or recipient = ?1 order by id desc limit 100')
      .all(recipient ?? null) as unknown as MessageRow[];
    return rows.map(({ id, kind, recipient: to, subject, text, link, sent_at: sentAt }) => ({
      id,
      kind,
      to,
      subject,
      text,
      link: link ?? undefined,
      sentAt,
    }));
  }

  forgetOld(): void {
    this.#database.prepare('delete from message where sent_at < ?').run(epochSeconds() - KEPT_SECONDS);
  }
}

interface MessageRow {
  id: number;
  kind: 'mail' | 'sms';
  recipient: string;
  subject: string;
  text: string;
  link: string | null;
  sent_at: number;
}
