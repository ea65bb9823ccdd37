import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '@patchbay/core';
import { fieldsOf, invalid, notFound, pageOf, refusal } from './fake-github-replies.ts';
import { type FakeGithubRepository, type FakeGithubWorld, nameOf, nextId, repositoryAt, timeOf } from './fake-github-world.ts';
import type { ProviderReply, ProviderRoutes } from './provider-reply.ts';
import type { ProviderRequest } from './provider-request.ts';

/** The routes of files, branches and releases. */
export function githubContentRoutes(world: FakeGithubWorld): ProviderRoutes {
  const at = '/repos/:owner/:repo';
  return {
    [`GET ${at}/contents/:path`]: (request) => {
      const content = repositoryAt(world, request).files.get(placeOf(request, request.query.get('ref')));
      return content === undefined ? notFound() : { json: showFile(request, content) };
    },
    [`PUT ${at}/contents/:path`]: (request) => putFile(repositoryAt(world, request), request),
    [`DELETE ${at}/contents/:path`]: (request) => deleteFile(repositoryAt(world, request), request),
    [`POST ${at}/git/refs`]: (request) => createRef(repositoryAt(world, request), fieldsOf(request)),
    [`GET ${at}/git/ref/:ref`]: (request) => {
      const ref = request.parameters['ref'] ?? '';
      const sha = repositoryAt(world, request).branches.get(ref.replace(/^heads\//, ''));
      return sha === undefined ? notFound() : { json: showRef(`refs/${ref}`, sha) };
    },
    [`GET ${at}/branches`]: (request) =>
      pageOf(
        request,
        [...repositoryAt(world, request).branches].map(([name, sha]) => ({ name, commit: { sha }, protected: name === 'main' })),
      ),
    [`POST ${at}/releases`]: (request) => createRelease(world, request),
    [`GET ${at}/releases`]: (request) => pageOf(request, repositoryAt(world, request).releases.toReversed()),
  };
}

/** The id that git gives a file's content. */
export function blobOf(content: string): string {
  const bytes = Buffer.from(content, 'base64');
  return createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

const branchOf = (given: unknown): string => (typeof given === 'string' ? given : 'main');
const placeOf = ({ parameters: { path } }: ProviderRequest, branch: unknown): string => `${branchOf(branch)}:${path}`;

function showFile(request: ProviderRequest, content: string): JsonObject {
  const { path = '' } = request.parameters;
  const url = `https://github.com/${nameOf(request)}/blob/main/${path}`;
  const size = Buffer.from(content, 'base64').byteLength;
  return { type: 'file', name: path, path, sha: blobOf(content), size, encoding: 'base64', content, html_url: url };
}

function commitOf(place: string): JsonObject {
  const sha = createHash('sha1').update(place).digest('hex');
  return { sha, html_url: `https://github.com/octocat/hello/commit/${sha}` };
}

function putFile({ files }: FakeGithubRepository, request: ProviderRequest): ProviderReply {
  const { message, content, sha, branch } = fieldsOf(request);
  if (typeof message !== 'string' || typeof content !== 'string') return invalid('Content', 'content');
  const place = placeOf(request, branch);
  const held = files.get(place);
  if (held !== undefined && sha === undefined) return refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.');
  if (sha !== undefined && (held === undefined || blobOf(held) !== sha))
    return refusal(409, `${request.parameters['path']} does not match ${sha}`);
  files.set(place, content);
  const json = { content: showFile(request, content), commit: commitOf(`${place} ${blobOf(content)}`) };
  return { status: held === undefined ? 201 : 200, json, effect: true };
}

function deleteFile({ files }: FakeGithubRepository, request: ProviderRequest): ProviderReply {
  const { sha, branch } = fieldsOf(request);
  const place = placeOf(request, branch);
  const held = files.get(place);
  if (held === undefined) return notFound();
  if (blobOf(held) !== sha) return refusal(409, `${request.parameters['path']} does not match ${String(sha)}`);
  files.delete(place);
  return { json: { content: null, commit: commitOf(place) }, effect: true };
}

const showRef = (ref: string, sha: string): JsonObject => ({ ref, object: { type: 'commit', sha } });

function createRef({ branches }: FakeGithubRepository, { ref, sha }: Readonly<Record<string, unknown>>): ProviderReply {
  if (typeof ref !== 'string' || typeof sha !== 'string') return invalid('Reference', 'sha');
  const name = ref.replace(/^refs\/heads\//, '');
  if (branches.has(name)) return refusal(422, 'Reference already exists');
  branches.set(name, sha);
  return { status: 201, json: showRef(ref, sha), effect: true };
}

function createRelease(world: FakeGithubWorld, request: ProviderRequest): ProviderReply {
  const { tag_name: tag, name, body, draft } = fieldsOf(request);
  const { releases } = repositoryAt(world, request);
  if (typeof tag !== 'string') return invalid('Release', 'tag_name');
  if (draft !== true && releases.some((each) => each['tag_name'] === tag && each['draft'] !== true))
    return invalid('Release', 'tag_name', 'already_exists');
  const texts: Readonly<Record<string, Json>> = {
    name: typeof name === 'string' ? name : null,
    body: typeof body === 'string' ? body : null,
  };
  const url = `https://github.com/${nameOf(request)}/releases/tag/${tag}`;
  const release = { id: nextId(world), tag_name: tag, ...texts, draft: draft === true, html_url: url, created_at: timeOf(world) };
  releases.push(release);
  return { status: 201, json: release, effect: true };
}
