import { z } from 'zod';

/** Somebody, or an app, as GitHub answers. */
export const accountAnswer = z.object({ login: z.string() });

/** Logins of accounts; none where GitHub names nobody. */
export const showLogins = (accounts: readonly z.output<typeof accountAnswer>[] | null | undefined): string[] =>
  (accounts ?? []).map(({ login }) => login);
