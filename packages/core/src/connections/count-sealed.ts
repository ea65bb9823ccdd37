import { isPatchbayError } from '../errors/patchbay-error.ts';
import { type SealedRowsOptions, sealedKinds } from './sealed-rows.ts';

/** Rows that are read at once. */
const pageSize = 500;

/**
 * How many of a tenant's sealed values were sealed under a data key older than this version. What is no envelope counts too: what it was
 * sealed under cannot be told.
 */
export async function countSealedBelow(options: SealedRowsOptions, tenant: string, version: number): Promise<number> {
  let count = 0;
  for (const kind of sealedKinds(options, tenant)) {
    for (let cursor: string | null = null; ; ) {
      const page = await kind.page({ cursor, limit: pageSize });
      for (const row of page.rows) count += row.sealed.filter((sealed) => versionOf(options, sealed) < version).length;
      cursor = page.cursor;
      if (cursor === null) break;
    }
  }
  return count;
}

/** 0 for what is no envelope. */
export function versionOf({ vault }: SealedRowsOptions, sealed: string): number {
  try {
    return vault.versionOf(sealed);
  } catch (error) {
    if (isPatchbayError(error)) return 0;
    throw error;
  }
}
