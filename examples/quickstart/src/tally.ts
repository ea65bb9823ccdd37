import type { Connector, TenantHandle } from '@patchbay/core';
import type { Received } from './play-scenes.ts';
import type { Services } from './services.ts';

/** How often what happened, in the order in which it is printed. */
export interface Counts {
  readonly events: number;
  readonly runs: number;
  readonly tickets: number;
  readonly messages: number;
  readonly duplicates: number;
  readonly refused: number;
  /** Events that no automation wanted. */
  readonly unmatched: number;
  /** Attempts beyond the first of each step. */
  readonly retries: number;
}

/** The counts, and the tickets that are not named by exactly one message. */
export interface Tally {
  readonly counts: Counts;
  readonly untold: readonly string[];
}

/** Counts by the hub's own history, and tickets and messages at the services themselves where they can be asked. */
export async function countEverything(options: {
  readonly tenant: Pick<TenantHandle<Connector, Record<never, never>>, 'events' | 'runs'>;
  readonly services: Services;
  readonly received: Received;
}): Promise<Tally> {
  const { tenant, services, received } = options;
  const events = (await tenant.events.list()).items;
  const explanations = await Promise.all(events.map(({ event }) => tenant.events.explain(event.id)));
  const runs = await Promise.all((await tenant.runs.list()).items.map(({ id }) => tenant.runs.get(id)));
  const steps = runs.flatMap((run) => run.steps);
  const done = (operation: string) => steps.filter((step) => step.operation === operation && step.status === 'succeeded');
  const { tickets, messages } = services.seen() ?? {
    tickets: done('create_issue').map(({ output }) => memberOf(output, 'key')),
    messages: done('send_message').map(({ input }) => memberOf(input, 'text')),
  };
  return {
    counts: {
      events: events.length,
      runs: runs.length,
      tickets: tickets.length,
      messages: messages.length,
      ...received,
      unmatched: explanations.filter(({ automations }) => automations.every(({ matched }) => !matched)).length,
      retries: steps.reduce((total, { attempts }) => total + Math.max(0, attempts.length - 1), 0),
    },
    untold: tickets.filter((key) => messages.filter((text) => text.startsWith(`Filed ${key}:`)).length !== 1),
  };
}

/** Prints the counts. Answers the exit code, after a sentence for whatever is not as it must be. */
export function report(
  { counts, untold }: Tally,
  { live, print }: { readonly live: boolean; readonly print: (text: string) => void },
): 0 | 1 {
  const wanted: Partial<Counts> = { events: 3, runs: 2, tickets: 2, messages: 2, duplicates: 1, refused: 1, unmatched: 1 };
  // How often the true services want to be asked again is theirs to say.
  const expected = new Map(Object.entries(live ? wanted : { ...wanted, retries: 2 }));
  const faults = Object.entries(counts).flatMap(([name, count]) => {
    const right = expected.get(name) ?? count;
    return count === right ? [] : [`There are ${count} ${name}, and there must be ${right}.`];
  });
  faults.push(...untold.map((key) => `The ticket ${key} is not named by exactly one message.`));
  for (const fault of faults) print(`WRONG: ${fault}`);
  print(
    `\n${Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(' · ')}`,
  );
  return faults.length === 0 ? 0 : 1;
}

function memberOf(value: unknown, name: string): string {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return String(entries.find(([key]) => key === name)?.[1]);
}
