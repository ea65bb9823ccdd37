import { suggestion } from '../errors/closest-name.ts';
import type { Path } from '../expression/path.ts';

/** What is wrong with what a condition reads of a `record`; `null` where nothing is. A name that is worked out only when it runs says nothing. */
export function faultOfMembers(reads: readonly Path[], members: readonly string[]): string | null {
  for (const [root, member] of reads) {
    if (root !== 'record' || member === undefined || members.includes(String(member))) continue;
    const name = String(member).slice(0, 64);
    return `a record has no ${name}${suggestion(name, members)}`;
  }
  return null;
}
