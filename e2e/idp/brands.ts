// The two providers that this program can be: same machinery, different name, look and people.

export interface Brand {
  /** Names its database, its style sheet and its icon. */
  id: 'peakcommerce' | 'friendbook';
  name: string;
  tagline: string;
  footnote: string;
  /** Begins the name of each of its cookies: cookies ignore ports, so two providers on localhost share a jar. */
  cookiePrefix: string;
  /** Has account pages, mails and a second factor. */
  selfService: boolean;
  demoPassword: string;
  demoUsers: DemoUser[];
}

interface DemoUser {
  id: string;
  email: string;
  name: string;
  about: string;
  /** The key of their authenticator app, in demo mode (IDP_DEMO=1): no secret, so that everybody can be them. */
  totpSecret?: string;
}

export const PEAKCOMMERCE: Brand = {
  id: 'peakcommerce',
  name: 'PeakCommerce ID',
  tagline: 'One account for every shop on the mountain.',
  footnote: 'PeakCommerce ID is the demo identity provider of storezero.',
  cookiePrefix: 'pcid',
  selfService: true,
  demoPassword: 'demo-password',
  demoUsers: [
    { id: 'ada', email: 'ada@example.com', name: 'Ada Lovelace', about: 'has past orders' },
    {
      id: 'grace',
      email: 'grace@example.com',
      name: 'Grace Hopper',
      about: 'has a second factor',
      totpSecret: 'PEAKDEMOPEAKDEMOPEAKDEMOPEAKDEMO',
    },
    { id: 'mary', email: 'mary@example.com', name: 'Mary Somerville', about: 'another customer' },
  ],
};

/** In the role of Facebook: a provider that PeakCommerce ID lets people come through. */
export const FRIENDBOOK: Brand = {
  id: 'friendbook',
  name: 'Friendbook',
  tagline: 'Where your friends already are.',
  footnote: 'Friendbook is the demo social network of storezero.',
  cookiePrefix: 'fb',
  selfService: false,
  demoPassword: 'demo-password',
  demoUsers: [{ id: 'linus', email: 'linus@example.com', name: 'Linus Demo', about: 'has friends' }],
};
