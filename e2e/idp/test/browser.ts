// A browser as far as these tests need one: keeps cookies by path, follows redirects when told, reads forms.

interface Cookie {
  name: string;
  value: string;
  path: string;
  /** As sent: whether the cookie outlives the browser. */
  persistent: boolean;
}

export class Answer {
  readonly status: number;
  readonly url: string;
  readonly location: string | undefined;
  readonly headers: Headers;
  readonly text: string;

  constructor(response: Response, url: string, text: string) {
    this.status = response.status;
    this.url = url;
    this.headers = response.headers;
    this.text = text;
    const location = response.headers.get('location');
    this.location = location === null ? undefined : new URL(location, url).href;
  }

  get heading(): string | undefined {
    return /<h1>(.*?)<\/h1>/.exec(this.text)?.[1];
  }

  /** Where a page goes on to by itself. */
  get refresh(): string | undefined {
    const target = /<meta http-equiv="refresh" content="0; url=([^"]+)">/.exec(this.text)?.[1];
    return target === undefined ? undefined : new URL(target.replaceAll('&#38;', '&'), this.url).href;
  }

  /** The first form: where it goes and its hidden fields. */
  get form(): { action: string; fields: Record<string, string> } {
    const action = /<form[^>]* action="([^"]+)"/.exec(this.text)?.[1];
    if (!action) throw new Error(`no form on ${this.url} (${this.status}):\n${this.text}`);
    const hidden = this.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
    return {
      action: new URL(action, this.url).href,
      fields: Object.fromEntries([...hidden].map(([, name, value]) => [name, value])),
    };
  }
}

export class Browser {
  cookies: Cookie[] = [];

  async request(url: string, init: RequestInit = {}): Promise<Answer> {
    const { pathname } = new URL(url);
    const cookie = this.cookies
      .filter(({ path }) => pathname === path || pathname.startsWith(path.replace(/\/?$/, '/')))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { accept: 'text/html', ...(init.headers as Record<string, string>), ...(cookie && { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    return new Answer(response, url, await response.text());
  }

  get(url: string): Promise<Answer> {
    return this.request(url);
  }

  post(url: string, fields: Record<string, string>): Promise<Answer> {
    return this.request(url, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /**
   * Follows redirects, and pages that go on by themselves, as long as they stay on these issuers; ends on a page, or
   * on the redirect that leaves.
   */
  async follow(answer: Answer, ...issuers: string[]): Promise<Answer> {
    let current = answer;
    for (;;) {
      const next = current.location ?? current.refresh;
      if (!issuers.some((issuer) => next?.startsWith(`${issuer}/`))) return current;
      current = await this.get(next!);
    }
  }

  cookie(name: string): Cookie | undefined {
    return this.cookies.find((cookie) => cookie.name === name);
  }

  #keep(line: string): void {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = pair!.split(/=(.*)/s) as [string, string];
    const attribute = (wanted: string) =>
      attributes.find((text) => text.toLowerCase().startsWith(`${wanted}=`))?.split(/=(.*)/s)[1];
    const path = attribute('path') ?? '/';
    const expires = attribute('expires');
    this.cookies = this.cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (expires && Date.parse(expires) <= Date.now()) return;
    this.cookies.push({ name, value, path, persistent: expires !== undefined });
  }
}
