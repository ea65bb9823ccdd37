import type { CallParts } from './call-parts.ts';
import { canRepeat, isWriting, type RawRequest } from './raw-request.ts';

/** Sends a request of a session, and one that reads again where that may help; `isFirst` is false then. */
export function retrying<Result>(
  { gateway, session, sender }: Pick<CallParts, 'gateway' | 'session' | 'sender'>,
  request: RawRequest,
  send: (isFirst: boolean) => Promise<Result>,
): Promise<Result> {
  const { retries } = gateway;
  // What changes something is the ledger's to repeat, which records each try; what the host's own request changes is the host's.
  const isOnce = session.mayRetry === false || !canRepeat(request) || isWriting(request);
  if (retries === undefined || isOnce) return send(true);
  let isFirst = true;
  return retries.run(
    {
      place: session.connection.id,
      isRepeatable: true,
      signal: session.signal,
      endsAt: Math.min(session.deadline(), (session.endsAt ?? session.deadline)()),
      isHeldBack: sender.isHeldBack,
    },
    () => {
      const sent = send(isFirst);
      isFirst = false;
      return sent;
    },
  );
}
