import { type Hub, PatchbayError } from '@patchbay/core';
import { explainError, explainReason } from './explain-failure.ts';
import type { Html } from './html.ts';
import { disconnectPage, homePage, sitesPage } from './pages.ts';
import type { Session } from './sessions.ts';

/** What a page is asked for. */
export interface Asked {
  readonly session: Session;
  /** Of the form, else of the address. */
  readonly fields: URLSearchParams;
}

/** A page, or where the browser goes on to. */
export type Reply = { readonly page: Html } | { readonly to: string };

/** What the pages do, by method and path. The user is always the session's, never one that an address names. */
export function connectActions(hub: Hub, tenant: string): Readonly<Record<string, (asked: Asked) => Promise<Reply>>> {
  const { connections, oauth } = hub.tenant(tenant);
  const named = async ({ session, fields }: Asked) => {
    const own = await connections.list({ owner: session.user });
    const connection = own.find(({ id }) => id === fields.get('connection'));
    if (connection) return connection;
    throw new PatchbayError({ code: 'not_found', message: 'You have no such connection. Your connections are on the first page.' });
  };
  const told = async ({ session }: Asked, act: () => Promise<Session['notice'] | Reply>): Promise<Reply> => {
    const said = await act().catch(explainError);
    if (said !== null && ('to' in said || 'page' in said)) return said;
    session.notice = said;
    return { to: '/' };
  };
  return {
    'GET /': async ({ session }) => ({ page: homePage(session, hub.connectors.list(), await connections.list({ owner: session.user })) }),

    'POST /connect': (asked) =>
      told(asked, async () => {
        const connector = asked.fields.get('connector') ?? '';
        const { user } = asked.session;
        const { url } = await oauth.beginConnect({ connector, name: user.toLowerCase(), hostUser: user, returnTo: '/connected' });
        return { to: url };
      }),

    'GET /connected': (asked) =>
      told(asked, async () => {
        const [flowId, reason] = [asked.fields.get('flow'), asked.fields.get('connect_error')];
        if (flowId === null) return explainReason(reason ?? '');
        const { connection, sites, missingScopes } = await oauth.completeConnect({ flowId, hostUser: asked.session.user });
        if (sites.length > 0) return { to: `/sites?connection=${connection.id}` };
        const without = missingScopes.length === 0 ? '' : ` Without: ${missingScopes.join(', ')}.`;
        const text = `${connection.connector} is connected as ${connection.externalAccountName ?? 'an account that it does not name'}.${without}`;
        return { kind: 'good', title: 'Connected', text };
      }),

    'GET /sites': async (asked) => {
      const connection = await named(asked);
      return told(asked, async () => ({ page: sitesPage(asked.session, connection, await oauth.sites(connection.id)) }));
    },

    'POST /sites': async (asked) => {
      const { id } = await named(asked);
      return told(asked, async () => {
        const { connector, settings } = await oauth.chooseSite({ connection: id, site: asked.fields.get('site') ?? '' });
        return { kind: 'good', title: 'Connected', text: `${connector} is connected, at the site ${String(settings['site'])}.` };
      });
    },

    'GET /disconnect': async (asked) => ({ page: disconnectPage(asked.session, await named(asked)) }),

    'POST /disconnect': async (asked) => {
      const { id } = await named(asked);
      return told(asked, async () => {
        const { connector } = await connections.disconnect(id);
        return { kind: 'good', title: 'Disconnected', text: `${connector} is disconnected.` };
      });
    },
  };
}
