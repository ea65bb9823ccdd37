import type { ConnectionRecord } from '../contracts/configuration-records.ts';
import { canonicalJson } from '../json/canonical-json.ts';

/**
 * What a record keeps of the majors that it was moved away from: all of it where it goes to the same place and may touch the same. Otherwise nothing: with
 * what held before, work of those majors could send the credential elsewhere, or touch what it may not any more.
 */
export function movedFromOf(
  { movedFrom, settings, confinedTo }: ConnectionRecord,
  now: { readonly settings: ConnectionRecord['settings']; readonly confinedTo: ConnectionRecord['confinedTo'] },
): Pick<ConnectionRecord, 'movedFrom'> {
  if (movedFrom === undefined) return {};
  const isSame =
    canonicalJson({ settings, confinedTo: confinedTo ?? null }) ===
    canonicalJson({ settings: now.settings, confinedTo: now.confinedTo ?? null });
  return isSame ? { movedFrom } : {};
}
