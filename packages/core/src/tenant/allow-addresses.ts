import type { Row } from '../contracts/configuration-store.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { parseAddressRange } from '../net/address-range.ts';
import type { TenantScope } from './tenant-services.ts';

/** Most addresses and ranges of one registration. */
const mostRanges = 100;

/** Races that are tried again before they are given up. */
const writeTries = 5;

/**
 * Says from which addresses a registration's deliveries are taken; `null`: from everywhere. Throws `invalid_argument` for text that names no range, and
 * `conflict`.
 */
export async function allowAddresses(
  { tenant, configuration, cache }: Pick<TenantScope, 'tenant' | 'configuration' | 'cache'>,
  read: () => Promise<Row<'registration'>>,
  addresses: readonly string[] | null,
): Promise<Row<'registration'>> {
  checkRanges(addresses);
  for (let tries = 0; tries < writeTries; tries += 1) {
    const { id, name, version, value } = await read();
    const { addresses: _before, ...rest } = value;
    const changed = addresses === null ? rest : { ...rest, addresses: [...new Set(addresses)] };
    const verdict = await configuration.write(tenant, [{ put: 'registration', id, name, expect: version, value: changed }]);
    cache.forget(tenant);
    if (verdict.status === 'written') return read();
  }
  throw new PatchbayError({
    code: 'conflict',
    message: 'The registration is being changed by others at the same time. Try again.',
    retryable: true,
  });
}

function checkRanges(addresses: readonly string[] | null): void {
  if (addresses === null) return;
  const isList = Array.isArray(addresses) && addresses.length > 0 && addresses.length <= mostRanges;
  if (isList && addresses.every((text) => typeof text === 'string' && parseAddressRange(text) !== undefined)) return;
  throw new PatchbayError({
    code: 'invalid_argument',
    message: `Addresses are a list of 1 to ${mostRanges} addresses or ranges, such as 192.0.2.0/24; null takes deliveries from everywhere.`,
  });
}
