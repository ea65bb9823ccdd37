import type { AuthMethod } from '@patchbay/core';

/** How accounts are connected: a name and a password for programs. */
export const acmeNotesAuth: (origin: string) => readonly [AuthMethod, ...AuthMethod[]] = () => [
  { type: 'basic', description: 'The address and the application password of a person of Acme Notes.' },
];
