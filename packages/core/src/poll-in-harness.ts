import type { Connector } from './connector/connector-definition.ts';
import { parseWith } from './connector/parse-with.ts';
import type { PollAnswer, PollCall } from './connector/polling-declaration.ts';
import { PatchbayError } from './errors/patchbay-error.ts';
import { readPollAnswer } from './scheduling/polling/read-poll-answer.ts';

/** One look of a polling trigger, up to the commit. */
export async function pollInHarness(connector: Connector, trigger: string, call: PollCall): Promise<PollAnswer> {
  const definition = Object.hasOwn(connector.triggers, trigger) ? connector.triggers[trigger] : undefined;
  if (!definition?.polling)
    throw new PatchbayError({
      code: 'unsupported',
      message: `The connector ${connector.id} polls for no ${trigger}. Name one of its polling triggers.`,
    });
  const what = `${connector.id}.${trigger}`;
  const { events, cursor, more = false } = readPollAnswer(await definition.polling.poll(call), what);
  for (const { data } of events)
    await parseWith(definition.payload, data, {
      code: 'invalid_event',
      what: `What ${what} found`,
      advice: 'Correct the payload or the polling.',
    });
  const plain = events.map(({ id, data, subject, time }) => ({
    ...{ id, data },
    ...(subject === undefined ? {} : { subject }),
    ...(time === undefined ? {} : { time }),
  }));
  return { events: plain, cursor, more };
}
