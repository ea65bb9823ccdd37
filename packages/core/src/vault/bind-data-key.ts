import { encodeAssociatedData } from './associated-data.ts';

/** What the wrapped form of a data key is bound to: its tenant, its id and its version. In the place of another it does not unwrap. */
export function bindDataKey(tenant: string, { keyId, version }: { readonly keyId: string; readonly version: number }): Uint8Array {
  return encodeAssociatedData(['data-key', tenant, keyId, version]);
}
