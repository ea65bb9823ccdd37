import { z } from 'zod';

/** The input fields that name a repository. */
export const repositoryInput = {
  owner: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/)
    .describe('User or organisation that owns the repository, such as octocat.'),
  repo: z
    .string()
    .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/)
    .describe('Name of the repository without its owner.'),
};

/** Number of an issue or pull request. */
export const issueNumber = z.number().int().positive();

/** Markdown text. GitHub takes 65,536 characters; the rest is room for the hidden marker. */
export const markdown = z.string().max(65_400);

/** Title of an issue or pull request. */
export const title = z.string().min(1).max(256);

/** Login of a user, an organisation or an app's bot. */
export const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,99}(\[bot\])?$/);

/** Name of a label. */
export const labelName = z.string().min(1).max(100);

/** Id of a commit or a blob. */
export const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

/** Name of a branch, as git takes it: https://git-scm.com/docs/git-check-ref-format */
export const branchName = z
  .string()
  .regex(/^(?!.*(?:\.\.|@\{|\/\/|\/\.|\.lock(?:\/|$)))[^\s~^:?*[\\\p{Cc}/.](?:[^\s~^:?*[\\\p{Cc}]{0,242}[^\s~^:?*[\\\p{Cc}/.])?$/u);

/** Branch, tag or commit. */
export const gitReference = z.string().min(1).max(255);

/** Path of a file in its repository. */
export const filePath = z
  .string()
  .max(4_096)
  .regex(/^(?!\/)(?!(?:.*\/)?(?:\.{1,2})?(?:\/|$))[^\p{Cc}\\]+$/u)
  .describe('Path in the repository, without a leading slash.');

/** Items that a listing gives at most. */
export const listLimit = z.number().int().min(1).max(1_000).optional().describe('Items at most; 100 unless set.');

/** An issue, as far as it is looked for. */
export const issueSchema = z.object({
  id: z.number(),
  number: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
  created_at: z.string(),
  /** Only on pull requests, which GitHub lists among the issues. */
  pull_request: z.unknown().optional(),
});

/** A comment, a review or a release, as far as it is used. */
export const commentSchema = z.object({
  id: z.number(),
  html_url: z.string(),
  body: z.string().nullish(),
});

/** A webhook, as far as it is used. */
export const hookSchema = z.object({
  id: z.number(),
  active: z.boolean(),
  events: z.array(z.string()),
  config: z.object({ url: z.string().optional() }),
});

/** The user that a token belongs to. */
export const userSchema = z.object({ id: z.number(), login: z.string() });

/** What an installation reaches, as far as it is used. All of it has one owner. */
export const installedSchema = z.object({ repositories: z.array(z.object({ owner: userSchema })) });

const account = z.object({ login: z.string() });
const label = z.object({ name: z.string() });

/** Parts that the triggers' payloads share, as far as they are relied on. The event keeps all of a delivery's several hundred fields. */
export const payloadParts = {
  repository: z.object({ name: z.string(), full_name: z.string(), owner: account }),
  sender: account,
  issue: z.object({
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    html_url: z.string(),
    state: z.string().optional(),
    user: account.nullable(),
    labels: z.array(label).optional(),
    created_at: z.string(),
  }),
  pullRequest: z.object({
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    html_url: z.string(),
    state: z.string(),
    draft: z.boolean(),
    user: account.nullable(),
    labels: z.array(label),
    head: z.object({ ref: z.string(), sha: z.string() }),
    base: z.object({ ref: z.string(), sha: z.string() }),
    created_at: z.string(),
  }),
  comment: z.object({
    id: z.number(),
    body: z.string(),
    html_url: z.string(),
    user: account.nullable(),
    created_at: z.string(),
  }),
};
