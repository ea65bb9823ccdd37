import type { ConnectOptions } from './connections/connect-options.ts';
import type { ResolvedOptions } from './resolve-options.ts';

/** What connecting accounts stands on. */
export function connectOptions(
  { storage, generateId, clock, logger, publicUrl, returnOrigins, randomName, remindDays }: ResolvedOptions,
  parts: Pick<ConnectOptions, 'store' | 'vault' | 'registry' | 'network' | 'turns' | 'servers' | 'hubApps'>,
): ConnectOptions {
  const given = { clock, logger, generateId, publicUrl, returnOrigins, randomName, remindDays };
  return { ...parts, ...given, flows: storage.flows, now: () => clock.now() };
}
