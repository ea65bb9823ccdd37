import type { Connector } from '@patchbay/core';
import type { FakeProvider } from '../providers/fake-provider.ts';
import type { ActionCase } from './connector-subject.ts';

/**
 * The first case of each idempotency class. A whole hub for every action costs minutes where there are a hundred of them, and what the hub does
 * follows from the class; how each action behaves by itself is seen without a hub.
 */
export function representativeCases<Provider extends FakeProvider>(
  connector: Connector,
  cases: readonly ActionCase<Provider>[],
): readonly ActionCase<Provider>[] {
  const classOf = ({ name }: ActionCase<Provider>) => connector.actions[name]?.idempotency;
  return cases.filter((each, index) => cases.findIndex((other) => classOf(other) === classOf(each)) === index);
}
