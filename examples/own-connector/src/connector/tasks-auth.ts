import type { AuthMethod } from '@patchbay/core';

/** How accounts are connected: a token that a person makes at the service. */
export const tasksAuth: (origin: string) => readonly [AuthMethod, ...AuthMethod[]] = () => [
  { type: 'bearer', description: 'A token from the settings of Tasks.' },
];
