import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** A webhook of the stand-in. Its secret is never shown in an answer, as GitHub's is not. */
export interface FakeGithubHook {
  readonly id: number;
  active: boolean;
  events: readonly string[];
  readonly config: Record<string, string>;
}

/** Webhooks by owner/name of a repository, or by the name of an organisation. */
export type FakeGithubHooks = Map<string, FakeGithubHook[]>;

/** Most webhooks of one place for one event: https://docs.github.com/en/webhooks/about-webhooks */
const mostHooks = 20;

/** The routes of webhooks: of repositories and of organisations. */
export function githubHookRoutes(hooks: FakeGithubHooks, nextId: () => number): ProviderRoutes {
  const routesAt = (prefix: string): ProviderRoutes => ({
    [`GET ${prefix}/hooks`]: (request) => list(hooks, request),
    [`POST ${prefix}/hooks`]: (request) => create(hooks, request, nextId),
    [`PATCH ${prefix}/hooks/:hook`]: (request) => {
      const hook = hookOf(hooks, request);
      if (!hook) return notFound();
      return { json: show(change(hook, fieldsOf(request.json))), effect: true };
    },
    [`DELETE ${prefix}/hooks/:hook`]: (request) => {
      const hook = hookOf(hooks, request);
      if (!hook) return notFound();
      hooks.set(
        placeOf(request),
        hooksOf(hooks, request).filter(({ id }) => id !== hook.id),
      );
      return { status: 204, effect: true };
    },
  });
  return { ...routesAt('/repos/:owner/:repo'), ...routesAt('/orgs/:org') };
}

function list(hooks: FakeGithubHooks, request: ProviderRequest): ProviderReply {
  const all = hooksOf(hooks, request);
  const size = Number(request.query.get('per_page') ?? 30);
  const number = Number(request.query.get('page') ?? 1);
  const next = new URLSearchParams(request.query);
  next.set('page', String(number + 1));
  const link = `<http://${request.headers['host']}${request.path}?${next}>; rel="next"`;
  return { json: all.slice(size * (number - 1), size * number).map(show), headers: all.length > size * number ? { link } : {} };
}

function create(hooks: FakeGithubHooks, request: ProviderRequest, nextId: () => number): ProviderReply {
  const given = fieldsOf(request.json);
  const config = fieldsOf(given['config']);
  const all = hooksOf(hooks, request);
  const events = eventsOf(given['events']);
  if (given['name'] !== 'web' || typeof config['url'] !== 'string') return invalid('Config must contain URL for webhooks');
  const isSame = all.some((hook) => hook.config['url'] === config['url'] && hook.events.some((event) => events.includes(event)));
  if (isSame) return invalid('Hook already exists on this repository');
  const full = events.find((event) => all.filter((hook) => hook.events.includes(event)).length >= mostHooks);
  if (full !== undefined) return invalid(`The "${full}" event cannot have more than ${mostHooks} hooks`);
  const hook = change({ id: nextId(), active: true, events: ['push'], config: {} }, given);
  hooks.set(placeOf(request), [...all, hook]);
  return { status: 201, json: show(hook), effect: true };
}

function change(hook: FakeGithubHook, given: Readonly<Record<string, unknown>>): FakeGithubHook {
  if (typeof given['active'] === 'boolean') hook.active = given['active'];
  if (Array.isArray(given['events'])) hook.events = eventsOf(given['events']);
  const config = Object.entries(fieldsOf(given['config'])).map(([name, value]) => [name, String(value)] as const);
  Object.assign(hook.config, Object.fromEntries(config));
  return hook;
}

const show = ({ id, active, events, config }: FakeGithubHook) => ({
  ...{ type: 'Repository', id, name: 'web', active, events: [...events] },
  config: { ...config, ...(config['secret'] === undefined ? {} : { secret: '********' }) },
});

const eventsOf = (events: unknown): readonly string[] => (Array.isArray(events) ? events.map(String) : ['push']);

const placeOf = ({ parameters: { owner, repo, org = '' } }: ProviderRequest): string => (owner === undefined ? org : `${owner}/${repo}`);

const hooksOf = (hooks: FakeGithubHooks, request: ProviderRequest): FakeGithubHook[] => hooks.get(placeOf(request)) ?? [];

const hookOf = (hooks: FakeGithubHooks, request: ProviderRequest): FakeGithubHook | undefined =>
  hooksOf(hooks, request).find(({ id }) => String(id) === request.parameters['hook']);

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

const notFound = (): ProviderReply => ({ status: 404, json: { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' } });

const invalid = (message: string): ProviderReply => ({
  status: 422,
  json: {
    message: 'Validation Failed',
    errors: [{ resource: 'Hook', code: 'custom', message }],
    documentation_url: 'https://docs.github.com/rest/repos/webhooks#create-a-repository-webhook',
  },
});
