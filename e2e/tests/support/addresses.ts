// Where the servers are.

export const SHOP_URL = process.env['BASE_URL'] ?? 'http://localhost:3000';
export const IDP_URL = process.env['IDP_URL'] ?? 'http://localhost:4000';
/** The same shop as static files. */
export const NO_BACKEND_URL = process.env['NO_BACKEND_URL'] ?? 'http://localhost:3001';
