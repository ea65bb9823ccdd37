import type { AuthMethod } from '@patchbay/core';

/** How accounts are connected: a key that a person makes at the service. */
export const acmeNotesAuth: (origin: string) => readonly [AuthMethod, ...AuthMethod[]] = () => [
  { type: 'api_key', in: 'header', name: 'X-Api-Key', description: 'A key from the settings of Acme Notes.' },
];
