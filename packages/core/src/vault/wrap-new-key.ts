import type { TenantKeyRecord } from '../contracts/configuration-records.ts';
import { bindDataKey } from './bind-data-key.ts';
import { dataKeySize } from './data-key.ts';
import type { KeyProvider } from './key-provider.ts';
import type { RandomBytes } from './random-bytes.ts';
import { frameWrappedKey } from './wrapped-key-frame.ts';

/** A fresh data key of a tenant in its wrapped form. The plain one is wiped: whoever needs it unwraps it. */
export async function wrapNewKey(
  { keys, random }: { readonly keys: KeyProvider; readonly random: RandomBytes },
  { tenant, version }: { readonly tenant: string; readonly version: number },
): Promise<TenantKeyRecord> {
  const place = { keyId: Buffer.from(random(16)).toString('hex'), version };
  const dataKey = random(dataKeySize);
  try {
    const wrapped = frameWrappedKey(await keys.wrap({ dataKey, associatedData: bindDataKey(tenant, place) }));
    return { ...place, wrapped };
  } finally {
    dataKey.fill(0);
  }
}
