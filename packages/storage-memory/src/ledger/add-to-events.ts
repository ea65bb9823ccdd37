import type { AdditionVerdict, EventAddition, Payload } from '@patchbay/core/adapter';
import { retainRoot } from '../retention.ts';
import type { State } from '../state.ts';
import { findRoot } from './find.ts';
import { keepPayload } from './keep-event.ts';

function isSame(left: Payload | null | undefined, right: Payload | null): boolean {
  if (left === undefined || left === null || right === null) return (left ?? null) === right;
  return left.codec === right.codec && Buffer.compare(left.bytes, right.bytes) === 0;
}

function addToEvent(state: State, { tenant, root: id, expect, additions }: EventAddition): AdditionVerdict {
  const root = findRoot(state, { tenant, root: id });
  if (root === undefined || root.event === null) return { status: 'missing' };
  const before = root.event.additions;
  if (isSame(before, additions)) return { status: 'written' };
  if (!isSame(before, expect)) return { status: 'conflict' };
  // The mark of an event that is routed holds it through its root.
  root.event = { ...root.event, additions: keepPayload(state.bytes, additions) };
  if (before !== undefined) state.bytes.release(before.bytes);
  retainRoot(state, root);
  return { status: 'written' };
}

/** Adds to stored events, in the order given. */
export const addToEvents = (state: State, items: readonly EventAddition[]): AdditionVerdict[] =>
  items.map((item) => addToEvent(state, item));
