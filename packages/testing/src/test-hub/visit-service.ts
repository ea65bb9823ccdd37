import type { Hub } from '@patchbay/core';

/**
 * Goes where `beginConnect` sends a person, to a stand-in that gives the permission at once, and back to the hub, as a browser does. Answers the query
 * with which the host's own page is opened then: `flow`, or `connect_error`. Throws where the stand-in sends the browser nowhere.
 */
export async function visitService(
  hub: Pick<Hub, 'handler'>,
  url: string | URL,
  change: { readonly back?: (back: URL) => void } = {},
): Promise<URLSearchParams> {
  const answer = await fetch(url, { redirect: 'manual' });
  const back = URL.parse(answer.headers.get('location') ?? '');
  if (back === null) throw new Error(`The stand-in answered ${answer.status} and sent nobody back: ${await answer.text()}`);
  change.back?.(back);
  const { headers } = await hub.handler(new Request(back));
  return new URL(headers.get('location') ?? '', back).searchParams;
}
