import { isEventPattern } from '../event/matches-pattern.ts';
import type { EnricherDefinition } from './enricher-definition.ts';

const nameShape = /^[a-z][a-z0-9_]*$/;

/** What is wrong with an enricher, in words; `undefined` where nothing is. */
export function enricherFault(name: string, enricher: EnricherDefinition): string | undefined {
  if (!nameShape.test(name) || name.length > 64)
    return `the enricher ${name.slice(0, 64)} must be named in lower-case letters, digits and underscores`;
  if (typeof enricher.run !== 'function') return `the enricher ${name} has no run`;
  if (typeof enricher.title !== 'string' || typeof enricher.description !== 'string')
    return `the enricher ${name} has no title or no description`;
  const { events } = enricher;
  if (!Array.isArray(events) || events.length === 0 || !events.every((pattern) => typeof pattern === 'string' && isEventPattern(pattern)))
    return `the enricher ${name} must name the types of events that it knows something of`;
  return undefined;
}
