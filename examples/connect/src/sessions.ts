import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** A person who is signed in to this app. */
export interface Session {
  readonly user: string;
  /** Stands in each form, so that no other page can send one. */
  readonly formToken: string;
  /** What the next page tells once. */
  notice: Notice | null;
}

/** Something to tell a person. */
export interface Notice {
  readonly kind: 'good' | 'bad';
  readonly title: string;
  readonly text: string;
}

/** The app's own sessions, in memory. A real app has its own; what counts for the hub is that the user comes from here and not from the address. */
export interface Sessions {
  /** Answers the cookie that the browser is to keep. */
  begin(user: string): string;
  find(request: Pick<IncomingMessage, 'headers'>): Session | undefined;
}

const name = 'sid';

/** Makes an empty set of sessions. */
export function createSessions(): Sessions {
  const sessions = new Map<string, Session>();
  const random = (): string => randomBytes(32).toString('base64url');
  return {
    begin(user) {
      const id = random();
      sessions.set(id, { user, formToken: random(), notice: null });
      // Lax, so that it comes along when a service sends the browser back. On https it is Secure too.
      return `${name}=${id}; Path=/; HttpOnly; SameSite=Lax`;
    },
    find({ headers }) {
      const pairs = (headers.cookie ?? '').split('; ').map((pair) => pair.split('=', 2));
      return sessions.get(pairs.find(([key]) => key === name)?.[1] ?? '');
    },
  };
}

/** True where a form was made for this session. */
export function isOwnForm({ formToken }: Session, fields: URLSearchParams): boolean {
  const [given, own] = [Buffer.from(fields.get('form_token') ?? ''), Buffer.from(formToken)];
  return given.byteLength === own.byteLength && timingSafeEqual(given, own);
}
