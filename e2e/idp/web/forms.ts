// Forms come back as application/x-www-form-urlencoded, small, from our own pages only.

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';

const LARGEST_FORM_BYTES = 16 * 1024;

export class FormRejected extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export class Form {
  readonly #fields: URLSearchParams;
  constructor(fields: URLSearchParams) {
    this.#fields = fields;
  }

  /** The field's text without surrounding space, at most `most` characters; empty when it is missing. */
  text(name: string, most = 254): string {
    return this.password(name, most).trim();
  }

  /** The field as typed: space belongs to a password. */
  password(name: string, most = 1000): string {
    return (this.#fields.get(name) ?? '').slice(0, most);
  }

  checked(name: string): boolean {
    return this.#fields.has(name);
  }
}

export async function readForm(ctx: Context): Promise<Form> {
  // Both headers are absent in clients that are no browsers, which have no victim's cookies either.
  const site = ctx.get('sec-fetch-site');
  const sender = ctx.get('origin');
  if ((site && site !== 'same-origin') || (sender && URL.parse(sender)?.host !== ctx.host)) {
    throw new FormRejected(403, 'This form was sent from another site.');
  }
  return new Form(await readFields(ctx));
}

/** For what may as well come in an address, from whichever site. */
export async function readFields(ctx: Context): Promise<URLSearchParams> {
  if (!ctx.is('application/x-www-form-urlencoded')) {
    throw new FormRejected(415, 'This address only takes a form.');
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req) {
    size += chunk.length;
    if (size > LARGEST_FORM_BYTES) throw new FormRejected(413, 'This form is too large.');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

/** Tokens that tie a form to what it was made for, so that no other site can make one up. */
export class FormTokens {
  readonly #key: string;
  constructor(key: string) {
    this.#key = key;
  }

  for(purpose: string): string {
    return createHmac('sha256', this.#key).update(`form:${purpose}`).digest('base64url');
  }

  check(form: Form, purpose: string): void {
    const expected = Buffer.from(this.for(purpose));
    const actual = Buffer.from(form.text('csrf'));
    if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) {
      throw new FormRejected(403, 'This form was not made by this page.');
    }
  }
}
