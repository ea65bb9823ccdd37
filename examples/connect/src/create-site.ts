import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Hub, isPatchbayError } from '@patchbay/core';
import { connectActions, type Reply } from './connect-actions.ts';
import type { Html } from './html.ts';
import { plainPage, signInPage, style } from './pages.ts';
import { readForm } from './read-form.ts';
import { createSessions, isOwnForm, type Session, type Sessions } from './sessions.ts';

/** What the pages stand on. */
export interface SiteOptions {
  readonly hub: Hub;
  /** Which customer of the app its people belong to. */
  readonly tenant: string;
  /** Who can sign in. */
  readonly users: readonly string[];
}

/** The app's own pages: plain HTML, forms, no script. */
export function createSite({ hub, tenant, users }: SiteOptions): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const sessions = createSessions();
  const actions = connectActions(hub, tenant);
  // A form is sent here, and from here the browser goes on to a service; some browsers look at both.
  const services = hub.connectors
    .list()
    .flatMap(({ definition }) =>
      definition.auth.flatMap((method) => ('authorizationUrl' in method ? new URL(method.authorizationUrl).origin : [])),
    );
  const policy = `default-src 'none'; style-src 'self'; form-action 'self' ${[...new Set(services)].join(' ')}; base-uri 'none'; frame-ancestors 'none'`;
  return async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://host.invalid');
    const answer = (status: number, page: Html) => send(response, { status, policy, type: 'text/html', text: page.html });
    try {
      if (url.pathname === '/style.css') return send(response, { status: 200, policy, type: 'text/css', text: style });
      if (url.pathname === '/sign-in' && request.method === 'POST') return await signIn({ request, response, sessions, users });
      const session = sessions.find(request);
      if (!session) return answer(url.pathname === '/' ? 200 : 401, signInPage(users));
      const action = Object.hasOwn(actions, `${request.method} ${url.pathname}`) ? actions[`${request.method} ${url.pathname}`] : undefined;
      if (!action) return answer(404, plainPage('There is no such page', 'Look whether the address is right.'));
      const fields = request.method === 'POST' ? await readForm(request) : url.searchParams;
      if (request.method === 'POST' && !isOwnForm(session, fields))
        return answer(403, plainPage('That form is not from here', 'Go back, load the page again, and try once more.'));
      reply(await action({ session, fields }), { response, session, answer });
    } catch (error) {
      const isGone = isPatchbayError(error) && error.code === 'not_found';
      if (!isGone) console.error(error);
      answer(
        isGone ? 404 : 500,
        isGone ? plainPage('That is not there any more', error.message) : plainPage('Something went wrong', 'Try again in a while.'),
      );
    }
  };
}

interface Replying {
  readonly response: ServerResponse;
  readonly session: Session;
  readonly answer: (status: number, page: Html) => void;
}

/** After a form the browser is sent on, so that loading a page again repeats nothing. A notice is shown once. */
function reply(given: Reply, { response, session, answer }: Replying): void {
  if ('page' in given) {
    answer(200, given.page);
    session.notice = null;
  } else redirect(response, given.to);
}

interface SigningIn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly sessions: Sessions;
  readonly users: readonly string[];
}

async function signIn({ request, response, sessions, users }: SigningIn): Promise<void> {
  const wanted = (await readForm(request)).get('user');
  const user = users.find((each) => each === wanted);
  return user === undefined ? redirect(response, '/') : redirect(response, '/', sessions.begin(user));
}

function redirect(response: ServerResponse, to: string, cookie?: string): void {
  response.writeHead(303, { location: to, 'cache-control': 'no-store', ...(cookie === undefined ? {} : { 'set-cookie': cookie }) }).end();
}

interface Sent {
  readonly status: number;
  readonly policy: string;
  readonly type: string;
  readonly text: string;
}

function send(response: ServerResponse, { status, policy, type, text }: Sent): void {
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    // The address of the page that a person comes back to holds the flow.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  };
  response.writeHead(status, headers).end(text);
}
