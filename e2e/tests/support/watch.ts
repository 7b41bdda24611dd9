// Whatever goes wrong in a browser while a test looks elsewhere: console errors, exceptions, failed requests.
// A test says beforehand which requests are meant to fail; each of those must then really have failed.

import type { BrowserContext, Request } from '@playwright/test';

/** An HTTP status, or none because the request was not answered. */
type Outcome = number | 'no answer';

interface Failure {
  method: string;
  url: string;
  outcome: Outcome;
  detail: string;
}

interface Expectation {
  path: string | RegExp;
  outcome: Outcome;
  met: boolean;
}

export class Watch {
  readonly #complaints: string[] = [];
  readonly #failures: Failure[] = [];
  readonly #expectations: Expectation[] = [];
  readonly #expectedMessages: RegExp[] = [];

  observe(context: BrowserContext): void {
    context.on('console', (message) => {
      // The browser's remark on a failed request, which is noted by itself.
      const isRemark = message.text().startsWith('Failed to load resource:');
      if (message.type() === 'error' && !isRemark) this.#complain(`console: ${message.text()}`);
    });
    context.on('weberror', (error) => this.#complain(`exception: ${error.error().stack ?? error.error().message}`));
    context.on('response', (response) => {
      if (response.status() >= 400) this.#note(response.request(), response.status(), response.statusText());
    });
    context.on('requestfailed', (request) => {
      const detail = request.failure()?.errorText ?? '';
      // Somebody left the page before the answer came.
      const isAbandoned = detail === 'net::ERR_ABORTED';
      // The browser asks for the tab's picture when it likes, be there a connection or none.
      const isTabPicture = new URL(request.url()).pathname === '/favicon.svg';
      if (!isAbandoned && !isTabPicture) this.#note(request, 'no answer', detail);
    });
  }

  /** `path` is the address's path, or a pattern for all of it. */
  expectFailure(path: string | RegExp, outcome: Outcome): void {
    this.#expectations.push({ path, outcome, met: false });
  }

  expectMessage(pattern: RegExp): void {
    this.#expectedMessages.push(pattern);
  }

  /** What was not expected, and what was expected and did not happen. */
  findings(): string[] {
    const unexpected = this.#failures.filter((failure) => !this.#isExpected(failure));
    return [
      ...this.#complaints.filter((complaint) => !this.#expectedMessages.some((pattern) => pattern.test(complaint))),
      ...unexpected.map(({ method, url, outcome, detail }) => `${method} ${url}: ${outcome} ${detail}`),
      ...this.#expectations
        .filter(({ met }) => !met)
        .map(({ path, outcome }) => `expected, but did not happen: ${path}: ${outcome}`),
    ];
  }

  #complain(what: string): void {
    this.#complaints.push(what);
  }

  #note(request: Request, outcome: Outcome, detail: string): void {
    this.#failures.push({ method: request.method(), url: request.url(), outcome, detail });
  }

  #isExpected({ url, outcome }: Failure): boolean {
    const matching = this.#expectations.filter(
      (expected) =>
        expected.outcome === outcome &&
        (typeof expected.path === 'string' ? expected.path === new URL(url).pathname : expected.path.test(url)),
    );
    for (const expectation of matching) expectation.met = true;
    return matching.length > 0;
  }
}
