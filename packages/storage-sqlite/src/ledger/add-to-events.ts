import type { AdditionVerdict, EventAddition } from '@patchbay/core/adapter';
import type { Session } from '../sql/session.ts';
import { encodePayload } from './payload.ts';

const add = 'update events set additions = ? where tenant = ? and id = ? and (additions is ? or additions = ?)';
const isThere = 'select 1 from events where tenant = ? and id = ?';

function addToEvent(session: Session, { tenant, root, expect, additions }: EventAddition): AdditionVerdict {
  const stored = encodePayload(additions);
  const expected = expect === null ? null : encodePayload(expect);
  if (session.run(add, stored, tenant, root, expected, stored) > 0) return { status: 'written' };
  return { status: session.get(isThere, tenant, root) === undefined ? 'missing' : 'conflict' };
}

/** Adds to stored events, in the order given. */
export const addToEvents = (session: Session, items: readonly EventAddition[]): AdditionVerdict[] =>
  items.map((item) => addToEvent(session, item));
