import { eventAttributes } from '../event/event-attributes.ts';
import type { Path } from '../expression/path.ts';
import { failureAttributes } from './fail-run.ts';

/** What can be read at a place. */
export interface ReadableThere {
  /** Ids of the steps that have ended when it is read. */
  readonly earlier: readonly string[];
  /** Names that the automation sets. */
  readonly variables: readonly string[];
}

/**
 * What is wrong with the paths that a condition or a step's input reads, in words; `null` where nothing is. Where a name is
 * worked out only when it runs, nothing can be said.
 */
export function faultOfReads(reads: readonly Path[], there: ReadableThere): string | null {
  for (const [root, first, second] of reads) {
    if (first === undefined) continue;
    const fault = faultOfRead(root, { first, second, ...there });
    if (fault !== null) return fault;
  }
  return null;
}

interface Read extends ReadableThere {
  readonly first: string | number;
  readonly second: string | number | undefined;
}

function faultOfRead(root: string | number | undefined, { first, second, earlier, variables }: Read): string | null {
  if (root === 'event' || root === 'incoming') return faultOfEvent(first);
  if (root === 'vars')
    return variables.some((name) => name === first) ? null : `no flow.set sets vars.${shown(first)}; there are ${variables.join(', ')}`;
  if (root === 'steps') return faultOfSteps(first, second, earlier);
  return root === 'failure' ? faultOfFailure(first) : null;
}

function faultOfFailure(attribute: string | number): string | null {
  if (failureAttributes.some((name) => name === attribute)) return null;
  return `a failure has no ${shown(attribute)}; it has ${failureAttributes.join(', ')}`;
}

function faultOfEvent(attribute: string | number): string | null {
  if (typeof attribute === 'string' && eventAttributes.includes(attribute)) return null;
  return `an event has no attribute ${shown(attribute)}; it has ${eventAttributes.join(', ')}, and what came with it is in event.data`;
}

function faultOfSteps(id: string | number, member: string | number | undefined, earlier: readonly string[]): string | null {
  if (typeof id !== 'string' || !earlier.includes(id)) {
    const there = earlier.length === 0 ? 'no step comes before it' : `before it there are ${earlier.join(', ')}`;
    return `it reads steps.${shown(id)}, and ${there}`;
  }
  return member === undefined || member === 'output'
    ? null
    : `it reads steps.${id}.${shown(member)}; what a step gave is in steps.${id}.output`;
}

function shown(segment: string | number): string {
  return String(segment).slice(0, 64);
}
