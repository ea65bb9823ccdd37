import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';

/** An issue or a message at the service. */
export interface Text {
  readonly id: string;
  readonly place: string;
  readonly title: string;
  readonly text: string;
  /** Counts changes of the service. */
  readonly change: number;
}

const token = 'token-of-the-example';
const secret = 'a secret of the example';

/** A service on this machine with issues in projects and messages in channels. It tells by webhook when a message is deleted. */
export async function startTeamService() {
  const texts = { issues: new Map<string, Text>(), messages: new Map<string, Text>() };
  let change = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://service');
    const kept = pathname === '/issues' ? texts.issues : pathname === '/messages' ? texts.messages : null;
    if (request.headers.authorization !== `Bearer ${token}` || kept === null) return response.writeHead(kept ? 401 : 404).end('{}');
    const since = Number(searchParams.get('since'));
    const changed = [...kept.values()].filter((each) => each.change > since).sort((one, other) => one.change - other.change);
    const body = { texts: changed.slice(0, 2), more: changed.length > 2 };
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const write = (kind: keyof typeof texts, { id, ...rest }: Omit<Text, 'change'>): void => {
    change += 1;
    texts[kind].set(id, { ...rest, id, change });
  };
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    credential: { type: 'bearer', token } as const,
    secret,
    writeIssue: (issue: Omit<Text, 'change'>) => write('issues', issue),
    writeMessage: (message: Omit<Text, 'change'>) => write('messages', message),
    /** Deletes a message, and answers the webhook that the service sends of it. */
    deleteMessage(id: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
      texts.messages.delete(id);
      const body = JSON.stringify({ delivery: `deleted-${id}`, message: id });
      const digest = createHmac('sha256', secret).update(body).digest('hex');
      return { headers: { 'content-type': 'application/json', 'x-team-signature': digest }, body };
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
