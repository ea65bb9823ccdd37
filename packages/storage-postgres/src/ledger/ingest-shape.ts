import type { IngestItem } from '@patchbay/core/adapter';

/**
 * What a batch of items needs of the statement that stores it. A server starts every part of a statement each time that it runs, whether or
 * not a row comes by, so a statement has the parts that its batch needs and no others.
 */
export interface IngestShape {
  /** Some items add to a root that may have been there before: what they bring is looked for among all that is stored. */
  readonly adds: boolean;
  /** Some events are stored without a plan. */
  readonly marks: boolean;
  /**
   * What the plans bring: nothing; runs that begin and no more dispatches of an event than may be born leased; or whatever a plan may bring.
   */
  readonly plans: 'none' | 'usual' | 'any';
}

const isUsual = ({ plan, lease }: IngestItem): boolean =>
  plan === null || (plan.runs.every(({ status }) => status === 'running') && (lease === null || plan.dispatches.length <= lease.limit));

const bringsNothing = ({ plan }: IngestItem): boolean => plan === null || plan.runs.length + plan.dispatches.length === 0;

/** The shape of a batch. */
export const ingestShape = (items: readonly IngestItem[]): IngestShape => ({
  adds: items.some(({ event }) => event === null),
  marks: items.some(({ plan }) => plan === null),
  plans: items.every(bringsNothing) ? 'none' : items.every(isUsual) ? 'usual' : 'any',
});

/** Every shape, each once. */
export const ingestShapes: readonly IngestShape[] = (['none', 'usual', 'any'] as const).flatMap((plans) =>
  [true, false].flatMap((adds) => [true, false].map((marks) => ({ adds, marks, plans }))),
);

/** Names a shape in the server's statistics. */
export const shapeName = ({ adds, marks, plans }: IngestShape): string => `${plans}${adds ? '_adds' : ''}${marks ? '_marks' : ''}`;
