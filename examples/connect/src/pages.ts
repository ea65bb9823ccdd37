import type { Connector } from '@patchbay/core';
import type { Connection } from '@patchbay/core/host';
import { type Html, html } from './html.ts';
import type { Session } from './sessions.ts';

/** A site to choose from. */
export interface OfferedSite {
  readonly id: string;
  readonly name: string;
  readonly url?: string;
}

/** The style of all pages. */
export const style = `body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #767676}
button,.button{font:inherit;padding:.4rem .8rem;border:1px solid #1b1b1b;border-radius:.3rem;background:#fff;color:#1b1b1b}
:focus-visible{outline:3px solid #0b57d0;outline-offset:2px}
.notice{border-left:.4rem solid #0a6b2d;padding:.5rem 1rem;background:#eef7f0}.notice.bad{border-color:#a01313;background:#fbeeee}
form{display:inline}fieldset{margin:1rem 0}`;

const words: Readonly<Record<Connection['status'], string>> = {
  initializing: 'Begun, not connected yet',
  active: 'Connected',
  token_expired: 'Permission has ended: connect again',
  token_invalid: 'Permission was taken away: connect again',
  disconnected: 'Not connected',
  error: 'Trouble',
};

function page(title: string, session: Session | undefined, main: Html): Html {
  const notice = session?.notice ?? null;
  return html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="stylesheet" href="/style.css"></head>
<body><main><h1>${title}</h1>${
    notice === null
      ? ''
      : html`<div class="notice ${notice.kind}" role="status"><strong>${notice.title}</strong><p>${notice.text}</p></div>`
  }${main}</main></body></html>`;
}

function form(session: Session, action: string, content: Html): Html {
  return html`<form method="post" action="${action}"><input type="hidden" name="form_token" value="${session.formToken}">${content}</form>`;
}

/** In place of the sign-in that an app has. */
export function signInPage(users: readonly string[]): Html {
  const buttons = users.map((user) => html`<button name="user" value="${user}">Sign in as ${user}</button> `);
  return page('Sign in', undefined, html`<p>Your own app has its own way.</p><form method="post" action="/sign-in">${buttons}</form>`);
}

/** What can be connected, and what is. */
export function homePage(session: Session, connectors: readonly Connector[], connections: readonly Connection[]): Html {
  const open = connections.filter(({ status }) => status !== 'disconnected');
  const rows = open.map(
    ({ id, connector, externalAccountName, status, statusReason }) => html`<tr><th scope="row">${connector}</th>
<td>${externalAccountName ?? 'not known'}</td><td>${statusReason === 'choose_site' ? 'Choose a site' : words[status]}</td>
<td>${statusReason === 'choose_site' ? html`<a class="button" href="/sites?connection=${id}">Choose the site of ${connector}</a> ` : ''}<a class="button" href="/disconnect?connection=${id}">Disconnect ${connector}</a></td></tr>`,
  );
  const table = html`<table><caption>Your connections</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Account</th><th scope="col">Status</th><th scope="col">What you can do</th></tr></thead>
<tbody>${rows}</tbody></table>`;
  const items = connectors.map(
    ({ id, definition: { name, description } }) =>
      html`<li><h3>${name}</h3><p>${description}</p>${form(
        session,
        '/connect',
        html`<input type="hidden" name="connector" value="${id}"><button>Connect ${name}</button>`,
      )}</li>`,
  );
  return page(
    'Connections',
    session,
    html`<p>You are ${session.user}.</p>${open.length === 0 ? html`<p>Nothing is connected.</p>` : table}<h2>Services</h2><ul>${items}</ul>`,
  );
}

/** Asks which site of several a connection is to. */
export function sitesPage(session: Session, { id, connector }: Connection, sites: readonly OfferedSite[]): Html {
  const choices = sites.map(
    (site) => html`<p><label><input type="radio" name="site" value="${site.id}" required> ${site.name} ${site.url ?? ''}</label></p>`,
  );
  const fields = html`<input type="hidden" name="connection" value="${id}"><fieldset><legend>Sites that you allowed</legend>${choices}</fieldset><button>Use this site</button>`;
  return page(`Which site of ${connector}?`, session, form(session, '/sites', fields));
}

/** Asks before something is ended. */
export function disconnectPage(session: Session, { id, connector, externalAccountName }: Connection): Html {
  const fields = html`<input type="hidden" name="connection" value="${id}"><button>Yes, disconnect</button>`;
  return page(
    `Disconnect ${connector}?`,
    session,
    html`<p>${externalAccountName ?? 'The account'} is disconnected at once, and the permission is taken back at the service. What waits for it stays until you connect it again.</p>
${form(session, '/disconnect', fields)} <a class="button" href="/">Keep it</a>`,
  );
}

/** For everything that is not there, or not allowed so. */
export const plainPage = (title: string, text: string): Html =>
  page(title, undefined, html`<p>${text}</p><p><a href="/">To the start</a></p>`);
