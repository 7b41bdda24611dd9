// Which passwords are too easy to guess (NIST SP 800-63B §3.1.1.2; ASVS 5.0 6.2.4, 6.2.11).

import { dictionary } from '@zxcvbn-ts/language-common';
import { FRIENDBOOK, PEAKCOMMERCE } from './brands.ts';
import { normalizeEmail } from './store/users.ts';

/** Shortest and longest password accepted, in characters. NIST SP 800-63B §3.1.1.2 asks for at least 8. */
export const PASSWORD_LENGTH = { least: 8, most: 200 };

const COMMON = new Set(dictionary['passwords-common']);
/** What anybody would try here first. */
const OUR_NAMES = [PEAKCOMMERCE.name, FRIENDBOOK.name, 'storezero'].map((name) => name.toLowerCase().split(' ')[0]!);
const SHORTEST_NAME = 4;

export function passwordProblem(password: string, { name, email }: { name: string; email: string }): string | undefined {
  const length = [...password].length;
  const { least, most } = PASSWORD_LENGTH;
  if (length < least) return `Use at least ${least} characters. A few words are easy to remember.`;
  if (length > most) return `Use at most ${most} characters.`;
  const lower = password.toLowerCase();
  if (new Set(lower).size < 4) return 'Use more than a few different characters.';
  if (isCommon(lower)) return 'This is one of the passwords that are tried first. A few words are easy to remember.';
  const address = normalizeEmail(email);
  const [mailbox = ''] = address.split('@');
  if (restsOn(lower, [address, mailbox, ...name.toLowerCase().split(/\s+/)])) {
    return 'Use something else than your name or address.';
  }
  if (restsOn(lower, OUR_NAMES)) return 'Use something else than the name of this site or of the shop.';
  return undefined;
}

/** Also with figures and signs before or after it. */
function isCommon(lower: string): boolean {
  return COMMON.has(lower) || COMMON.has(lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''));
}

/** Without these words, and without figures for letters (`st0rez3ro`), too little is left. */
function restsOn(lower: string, words: string[]): boolean {
  return [lower, plain(lower)].some((text) => {
    const names = words.filter((word) => word.length >= SHORTEST_NAME && text.includes(word));
    const rest = names.reduce((left, word) => left.replaceAll(word, ''), text);
    return names.length > 0 && (rest.length < PASSWORD_LENGTH.least || isCommon(rest));
  });
}

const LETTERS = new Map([...'0o1i3e4a5s7t$s@a!i'.matchAll(/(.)(.)/g)].map(([, figure, letter]) => [figure!, letter!]));

function plain(text: string): string {
  return [...text].map((character) => LETTERS.get(character) ?? character).join('');
}
