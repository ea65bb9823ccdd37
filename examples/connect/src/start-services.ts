import { randomBytes } from 'node:crypto';
import { type FakeGithub, type FakeJira, fakeGithub, fakeJira } from '@patchbay/testing';
import { startPapersServer } from './papers-server.ts';

/** The services on this machine, each with the app that is registered there. */
export interface Services {
  readonly apps: {
    readonly [Id in 'papers' | 'github' | 'jira']: { readonly oauth: { readonly clientId: string; readonly clientSecret: string } };
  };
  /** oidc-provider: an authorization server that is certified. */
  readonly papers: { readonly origin: string };
  readonly github: FakeGithub;
  /** Its grants reach two sites. */
  readonly jira: FakeJira;
  close(): Promise<void>;
}

const sites = [
  { id: '11111111-2222-4333-8444-555555555555', name: 'acme' },
  { id: '66666666-7777-4888-8999-000000000000', name: 'globex' },
];

/** Starts them. `publicUrl` is the hub's, where they send people back to. */
export async function startServices(publicUrl: string): Promise<Services> {
  const app = (clientId: string) => ({ clientId, clientSecret: randomBytes(20).toString('hex') });
  const [atPapers, atGithub, atJira] = [app('connect-page'), app('Ov23liConnectPage'), app('connect-page')];
  const papers = await startPapersServer({ ...atPapers, redirectUri: `${publicUrl}/oauth/callback/papers` });
  const github = await fakeGithub({ token: randomBytes(20).toString('hex'), app: { ...atGithub, asks: true } });
  const jira = await fakeJira({
    email: 'nobody@example.com',
    token: randomBytes(20).toString('hex'),
    app: { ...atJira, asks: true, sites },
  });
  return {
    apps: { papers: { oauth: atPapers }, github: { oauth: atGithub }, jira: { oauth: atJira } },
    papers,
    github,
    jira,
    close: async () => void (await Promise.all([papers.close(), github.close(), jira.close()])),
  };
}
